"""Episodes as the dialogue and the channels see them: asked for, held by a person, given back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.errors import NotFound
from services.handoff.fetch import is_touched
from services.handoff.model import Ask, Case, Closer
from services.handoff.port import RemoteMessage
from services.handoff.rules import Route, Rules
from services.handoff.spans import last_ids
from services.handoff.tables import CareRow, EpisodeRow, RelayRow, TicketRow
from services.messaging.bell import Bell
from services.messaging.events import Event, post
from services.messaging.tables import InboxRow
from services.storage import Database

OPENED, ENDED = "handoff_open", "handoff_ended"  # of `events` in data/errands.yml
LIVE = ("requested", "open")
KEEP_WORDS = timedelta(days=30)  # the desk has them longer
LOOK = 0.1  # seconds between looks while the citizen waits for "a person has it"


@dataclass(frozen=True)
class Episode:
    """What the dialogue needs to know of one."""

    id: str
    contact: str
    state: str
    reason: str
    subject: str
    agent: str | None
    closed_by: str | None
    closing_note: str | None


class Handoffs:
    """Asks for a person, and knows whether one has the conversation."""

    def __init__(self, database: Database, clock: Clock, bell: Bell, rules: Rules, wall: Clock | None = None) -> None:
        self.database, self.clock, self.bell, self.rules = database, clock, bell, rules
        self.wall = wall or Clock()

    async def request(self, ask: Ask, case: Case, route: Route) -> Episode:
        """Write the wish down; the same turn, or a second wish while one is alive, is the same episode."""
        row = EpisodeRow(
            key=f"{ask.turn}:handoff",
            live_key=ask.contact,
            contact_id=ask.contact,
            channel=ask.channel,
            state="requested",
            reason=route.reason,
            subject=route.subject,
            case={**case.model_dump(mode="json"), "turn": ask.turn},
            promised=True,
            requested_at=self.clock.now(),
            due_at=self.wall.now(),
        )
        try:
            async with self.database.begin() as session:
                known = await self._known(session, ask)
                if known is None:
                    session.add(row)
        except IntegrityError:  # another process wrote it in between
            async with self.database.read() as session:
                known = await self._known(session, ask)
        await self.bell.ring("desk")
        return _episode(known or row)

    @staticmethod
    async def _known(session: AsyncSession, ask: Ask) -> EpisodeRow | None:
        same = EpisodeRow.key == f"{ask.turn}:handoff"
        query = select(EpisodeRow).where(same | (EpisodeRow.live_key == ask.contact))
        return (await session.scalars(query.order_by(EpisodeRow.requested_at.desc()))).first()

    async def get(self, episode: str) -> Episode:
        """One episode.

        Raises:
            NotFound: there is none.
        """
        async with self.database.read() as session:
            row = await session.get(EpisodeRow, episode)
        if row is None:
            raise NotFound("handoff")
        return _episode(row)

    async def wait_open(self, episode: str, seconds: float) -> bool:
        """Whether the desk has it, at the latest after so long."""
        until = asyncio.get_running_loop().time() + seconds
        while (state := (await self.get(episode)).state) == "requested":
            if asyncio.get_running_loop().time() >= until:
                return False
            await asyncio.sleep(LOOK)
        return state == "open"

    async def told(self, session: AsyncSession, episode: str) -> None:
        """The answer being written says that a person has it; whoever was about to say so need not."""
        await session.execute(update(EpisodeRow).where(EpisodeRow.id == episode).values(promised=False))
        telling = InboxRow.provider_id.like(f"handoff:{episode}:%:{OPENED}"), InboxRow.status == "pending"
        await session.execute(update(InboxRow).where(*telling).values(status="ignored"))

    async def asked(self, session: AsyncSession, episode: str) -> None:
        """The answer being written asks how the person did: that is asked once."""
        mine = CareRow.episode_id == episode, CareRow.asked_at.is_(None)
        await session.execute(update(CareRow).where(*mine).values(asked_at=self.clock.now()))

    async def held(self, contact: str) -> bool:
        """Whether a person has the conversation."""
        query = select(EpisodeRow.id).where(EpisodeRow.live_key == contact, EpisodeRow.state == "open")
        async with self.database.read() as session:
            return await session.scalar(query) is not None

    async def accept(self, session: AsyncSession, contact: str) -> bool:
        """A message is the person's: have it fetched, if a person still has the conversation.

        It must be marked `relayed` in the same transaction.
        """
        mine = EpisodeRow.live_key == contact, EpisodeRow.state == "open"
        values = {"due_at": self.wall.now(), "rung": EpisodeRow.rung + 1}
        changed = update(EpisodeRow).where(*mine).values(**values).returning(EpisodeRow.id)
        return (await session.execute(changed)).first() is not None

    async def leave(self, session: AsyncSession, contact: str, by: Closer) -> bool:
        """The citizen does not want the person any more; the desk is told later. False: there was none."""
        query = select(EpisodeRow).where(EpisodeRow.live_key == contact).with_for_update()
        row = (await session.scalars(query)).first()
        if row is None:
            return False
        was_open = row.state == "open"
        await self.close(session, row, by)
        row.farewell, row.due_at, row.rung = True, self.wall.now(), row.rung + 1
        if was_open:
            await self.tell(session, row, ENDED)
        return True

    async def close(self, session: AsyncSession, row: EpisodeRow, by: Closer) -> None:
        """Over, whoever ended it; what belongs to it is fixed."""
        row.state, row.live_key, row.closed_by, row.closed_at = "closed", None, by, self.clock.now()
        row.promised = False
        row.inbox_to, row.outbox_to = await last_ids(session, row.contact_id)

    async def tell(
        self, session: AsyncSession, row: EpisodeRow, what: str, *, before: datetime | None = None, mark: str = ""
    ) -> None:
        """María comes back to it in a turn of her own, ahead of a message that waits since `before`.

        Once for each `mark`.
        """
        event = Event(f"handoff:{row.id}:{row.generation}:{what}{mark}", what, {"episode": row.id})
        at = self.wall.now() if before is None else before - timedelta(milliseconds=1)
        await post(session, row.contact_id, row.channel, event, at)

    async def forget(self, than: timedelta = KEEP_WORDS) -> None:
        """What was said in episodes that have been over for so long; that they were stays, for whoever writes there."""
        until = self.clock.now() - than
        over = EpisodeRow.state == "closed", EpisodeRow.closed_at < until, EpisodeRow.due_at.is_(None)
        old = select(EpisodeRow.id).where(*over)
        said = EpisodeRow.closing_note.is_not(None) | (cast(EpisodeRow.case, String) != "{}")
        async with self.database.begin() as session:
            await session.execute(delete(RelayRow).where(RelayRow.episode_id.in_(old)))
            words = CareRow.episode_id.in_(old), CareRow.words.is_not(None)
            await session.execute(update(CareRow).where(*words).values(words=None))
            await session.execute(update(EpisodeRow).where(*over, said).values(case={}, closing_note=None))
            await session.execute(delete(TicketRow).where(TicketRow.created_at < until))

    async def ring(self, conversation: int, touched: RemoteMessage | None = None) -> bool:
        """Something happened at the desk. `touched`: a message there to which its writer did something."""
        async with self.database.begin() as session:
            values = {"due_at": self.wall.now(), "rung": EpisodeRow.rung + 1}
            mine = update(EpisodeRow).where(EpisodeRow.conversation == conversation).values(**values)
            found = (await session.execute(mine.returning(EpisodeRow.id))).first()
            if found and touched is not None:
                same = RelayRow.episode_id == found[0], RelayRow.way == "out", RelayRow.remote_id == touched.id
                row = (await session.scalars(select(RelayRow).where(*same))).first()
                if row is not None and is_touched(row, touched):
                    row.again = True
        if found:
            await self.bell.ring("desk")
        return found is not None


def _episode(row: EpisodeRow) -> Episode:
    facts = (row.id, row.contact_id, row.state, row.reason, row.subject, row.agent, row.closed_by, row.closing_note)
    return Episode(*facts)
