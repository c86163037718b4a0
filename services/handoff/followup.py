"""What is due for an episode besides its messages: "nobody yet", the question for a rating, the rating at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update

from services.contacts.tables import ContactRow
from services.handoff.aftercare import care_for
from services.handoff.care import Waiting
from services.handoff.claims import Claims, Held
from services.handoff.episodes import Handoffs
from services.handoff.feed import SOURCE, conversation_of
from services.handoff.port import Desk, DeskGone, DeskRefused, Rating
from services.handoff.tables import CareRow, EpisodeRow
from services.messaging.window import is_open

log = structlog.get_logger(__name__)

NOBODY, RATE = "handoff_nobody", "handoff_rate"  # of `events` in data/errands.yml
LOOK = timedelta(seconds=10)  # the longest time between looks: the citizen's clock may be moved
BY_A_PERSON = ("resolved", "returned")


@dataclass
class Followup:
    """Part of each look at an episode; returns when to look again on its account (wall clock), None: not at all."""

    claims: Claims
    desk: Desk
    handoffs: Handoffs
    rules: Waiting

    async def waiting(self, held: Held, episode: EpisodeRow) -> datetime | None:
        """Nobody has answered: after some minutes the citizen may choose again."""
        care = await self._care(episode.id)
        over = care is not None and care.nobody_times >= self.rules.nobody.times
        if episode.answered_at is not None or episode.opened_at is None or over or not self.rules.nobody.times:
            return None
        since = max(episode.opened_at, care.nobody_at) if care and care.nobody_at else episode.opened_at
        due = since + timedelta(minutes=self.rules.nobody.after_minutes)
        if due <= self.handoffs.clock.now():
            await self._nobody(held, episode, care.nobody_times + 1 if care else 1)
            return self.claims.wall.now() + LOOK
        return self._at(due)

    async def _nobody(self, held: Held, episode: EpisodeRow, times: int) -> None:
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await care_for(session, episode.id)
            said = {"nobody_times": times, "nobody_at": self.handoffs.clock.now()}
            await session.execute(update(CareRow).where(CareRow.episode_id == episode.id).values(**said))
            await self.handoffs.tell(session, episode, NOBODY, mark=str(times))
        await self.handoffs.bell.ring("inbox")

    async def closed(self, held: Held, episode: EpisodeRow) -> datetime | None:
        """Ask for a rating when it is time; tell the desk one that was given."""
        care = await self._care(episode.id)
        if care is None or (care.asked == 0 and care.rate_at is None and care.rating is None):
            if not self._is_to_be_rated(episode):
                return None
            care = await self._plan(held, episode)
        if care.rating is not None and not care.told:
            await self._tell(held, episode, care)
            return None
        if care.rate_at is None:
            return None
        if care.rate_at <= self.handoffs.clock.now():
            await self._ask(held, episode, care)
            return None
        return self._at(care.rate_at)

    def _is_to_be_rated(self, episode: EpisodeRow) -> bool:
        """A person answered and ended it, and asking would not hurt."""
        if episode.closed_by not in BY_A_PERSON or episode.answered_at is None:
            return False
        return not {episode.reason, str(episode.case.get("mood"))} & set(self.rules.rating.not_after)

    async def _plan(self, held: Held, episode: EpisodeRow) -> CareRow:
        closed = episode.closed_at or self.handoffs.clock.now()
        at = closed + timedelta(seconds=self.rules.rating.after_seconds)
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await care_for(session, episode.id)
            await session.execute(update(CareRow).where(CareRow.episode_id == episode.id).values(rate_at=at))
            return await session.get_one(CareRow, episode.id)

    async def _ask(self, held: Held, episode: EpisodeRow, care: CareRow) -> None:
        """Only where free text may be sent; a question nobody could send is not asked later either."""
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            tried = {"rate_at": None, "asked": care.asked + 1}
            await session.execute(update(CareRow).where(CareRow.episode_id == episode.id).values(**tried))
            contact = await session.get(ContactRow, episode.contact_id)
            if contact is not None and await is_open(session, contact, self.handoffs.clock.now()):
                await self.handoffs.tell(session, episode, RATE, mark=str(care.asked + 1))
        await self.handoffs.bell.ring("inbox")

    async def _tell(self, held: Held, episode: EpisodeRow, care: CareRow) -> None:
        rating = Rating(
            f"{SOURCE}{episode.id[:12]}:csat", int(care.rating or 0), care.words or "", self.rules.rating.question
        )
        try:
            await self.desk.rate(conversation_of(episode), episode.conversation_uuid, rating)
        except (DeskRefused, DeskGone) as error:  # it never will; our own copy stays
            log.warning("rating_refused", episode=episode.id, why=str(error))
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            same = CareRow.episode_id == episode.id, CareRow.rated_at == care.rated_at
            await session.execute(update(CareRow).where(*same).values(told=True))

    def _at(self, moment: datetime) -> datetime:
        """A moment of the citizen's clock as one of the wall's."""
        return self.claims.wall.now() + min(moment - self.handoffs.clock.now(), LOOK)

    async def _care(self, episode: str) -> CareRow | None:
        async with self.claims.database.read() as session:
            return await session.get(CareRow, episode)
