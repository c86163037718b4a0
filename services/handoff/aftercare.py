"""While somebody waits for a person, and after that person has ended: what the dialogue asks and writes down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.handoff.care import EstimateRule, Waiting
from services.handoff.episodes import LIVE
from services.handoff.tables import CareRow, EpisodeRow
from services.messaging.bell import Bell
from services.storage import Database
from services.storage.upsert import insert_new

LONGEST_WORDS, FIVE = 1000, 5
STALE = timedelta(hours=12)  # whoever waits longer is no queue
RATED_FOR = timedelta(days=13)  # AGORA takes ratings for 14 days (agora.md section 8)


@dataclass(frozen=True)
class Expectation:
    """What can be said of the wait. `minutes`: None where too little is known to say anything."""

    ahead: int
    minutes: int | None


@dataclass(frozen=True)
class Live:
    """The episode that a citizen has now."""

    id: str
    reason: str
    subject: str
    answered: bool


@dataclass
class Aftercare:
    """Reads and writes `handoff_care`; what follows from it at the desk is `services.handoff.followup`."""

    database: Database
    clock: Clock
    bell: Bell
    rules: Waiting
    wall: Clock

    async def live(self, contact: str) -> Live | None:
        """The episode under way."""
        query = select(EpisodeRow).where(EpisodeRow.live_key == contact, EpisodeRow.state.in_(LIVE))
        async with self.database.read() as session:
            row = (await session.scalars(query)).first()
        return Live(row.id, row.reason, row.subject, row.answered_at is not None) if row else None

    async def expect(self, episode: str) -> Expectation:
        """How many wait before this one, and how long it lately took."""
        now = self.clock.now()
        async with self.database.read() as session:
            row = await session.get_one(EpisodeRow, episode)
            waiting = EpisodeRow.state == "open", EpisodeRow.answered_at.is_(None), EpisodeRow.id != episode
            before = select(func.count()).where(*waiting, EpisodeRow.subject == row.subject)
            before = before.where(EpisodeRow.opened_at > now - STALE, EpisodeRow.opened_at <= (row.opened_at or now))
            ahead = int(await session.scalar(before) or 0)
            since = now - timedelta(days=self.rules.estimate.days)
            lately = select(EpisodeRow.opened_at, EpisodeRow.answered_at, EpisodeRow.closed_at)
            rows = (await session.execute(lately.where(EpisodeRow.opened_at > since, EpisodeRow.id != episode))).all()
        waits = [
            (((answered or closed or now) - opened).total_seconds() / 60, answered is not None)
            for opened, answered, closed in rows
            if opened is not None
        ]
        return Expectation(ahead, estimate(waits, self.rules.estimate))

    async def wait_on(self, episode: str) -> None:
        """The citizen goes on waiting: the minutes begin anew."""
        async with self.database.begin() as session:
            await care_for(session, episode)
            again = update(CareRow).where(CareRow.episode_id == episode).values(nobody_at=self.clock.now())
            await session.execute(again)

    async def may_ask(self, episode: str) -> bool:
        """Whether the question for a rating is to be said: not after it was (`Handoffs.asked`), nor after an answer."""
        fresh = CareRow.episode_id == episode, CareRow.asked_at.is_(None), CareRow.rating.is_(None)
        async with self.database.read() as session:
            return await session.scalar(select(CareRow.episode_id).where(*fresh)) is not None

    async def ask_later(self, episode: str) -> None:
        """Something else is under way: the question comes again a little later."""
        at = self.clock.now() + timedelta(seconds=self.rules.rating.again_seconds)
        async with self.database.begin() as session:
            mine = CareRow.episode_id == episode, CareRow.asked < self.rules.rating.times
            await self._look_again(session, episode)
            await session.execute(update(CareRow).where(*mine).values(rate_at=at))
        await self.bell.ring("desk")

    async def rate(self, episode: str, contact: str, rating: int, words: str | None = None) -> str | None:
        """Keep it, and have the desk told; a later one replaces it. The episode's reason; None: late, or not theirs."""
        now = self.clock.now()
        async with self.database.begin() as session:
            row = await session.get(EpisodeRow, episode)
            if row is None or row.contact_id != contact or row.closed_at is None or now - row.closed_at > RATED_FOR:
                return None
            await self._look_again(session, episode)
            await care_for(session, episode)
            values = {"rating": rating, "rated_at": now, "told": False, "rate_at": None}
            if words is not None:
                values["words"] = words[:LONGEST_WORDS]
            await session.execute(update(CareRow).where(CareRow.episode_id == episode).values(**values))
            reason = row.reason
        await self.bell.ring("desk")
        return reason

    async def _look_again(self, session: AsyncSession, episode: str) -> None:
        """The first write of all: the desk's loop locks the episode first too; the other order is a deadlock."""
        values = {"due_at": self.wall.now(), "rung": EpisodeRow.rung + 1}
        await session.execute(update(EpisodeRow).where(EpisodeRow.id == episode).values(**values))


async def care_for(session: AsyncSession, episode: str) -> None:
    """There is a row for it; a new one has nothing said and nothing asked."""
    row = {"episode_id": episode, "nobody_times": 0, "asked": 0, "told": True}
    await insert_new(session, CareRow, [row], ("episode_id",))


def estimate(waits: list[tuple[float, bool]], rule: EstimateRule) -> int | None:
    """Minutes by which `share` of these waits had ended with an answer, rounded up to fives.

    Args:
        waits: minutes and whether a person answered then. Who gave up or still waits counts as waiting longer:
            leaving them out would promise what only the lucky got.
        rule: how many are needed, and the most that is worth saying.
    """
    needed = ceil(rule.share * len(waits))
    by_then = sorted(minutes for minutes, answered in waits if answered)[:needed]
    if len(waits) < rule.least or len(by_then) < needed:
        return None
    shown = max(FIVE, ceil(by_then[-1] / FIVE) * FIVE)
    return shown if shown <= rule.longest_minutes else None
