"""One look at an episode: what is due on either side is done, then it is said when to look again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.errors import ServiceError
from services.handoff.amend import Amender
from services.handoff.claims import Claims, Held, LostLease
from services.handoff.deliver import Delivery
from services.handoff.episodes import ENDED, OPENED, Handoffs
from services.handoff.feed import Feeder, conversation_of
from services.handoff.fetch import Fetcher
from services.handoff.followup import Followup
from services.handoff.model import Closer, Line
from services.handoff.port import Desk, DeskGone, DeskUnknown, Place
from services.handoff.report import Reporter
from services.handoff.rules import Rules
from services.handoff.seen import Seen
from services.handoff.slow import Slow
from services.handoff.sweep import Sweep, relay
from services.handoff.tables import EpisodeRow, RelayRow
from services.messaging.tables import ConversationRow, InboxRow
from services.storage.upsert import insert_new

log = structlog.get_logger(__name__)

SOON = timedelta(seconds=1.5)  # while a message's delivery state is still to come
LONGEST_BACK_OFF = 10.0
TELL_AFTER = timedelta(seconds=6)  # whoever asked says it with the answer, which a busy evening makes wait
SLOW_AFTER = 3  # failed looks in a row before the citizen is told that their words have not arrived
AFTERWARDS = timedelta(minutes=10)  # states of the last messages are told for so long
WITH_A_PERSON = ("open", "snoozed")


@dataclass
class Sync:
    """Works on what `Claims` gives out."""

    claims: Claims
    desk: Desk
    handoffs: Handoffs
    delivery: Delivery
    feeder: Feeder
    fetcher: Fetcher
    amender: Amender
    reporter: Reporter
    sweep: Sweep
    rules: Rules
    slow: Slow
    followup: Followup
    seen: Seen
    poll: timedelta = timedelta(seconds=30)  # the safety net below the doorbell

    async def work(self, held: Held) -> None:
        """Never raises what the desk raises: what is not done is done at the next look."""
        try:
            due = await self._look(held)
        except LostLease:
            log.warning("handoff_lease_lost", episode=held.id)
        except DeskGone:
            await self._gone(held)
        except ServiceError as error:
            await self._later(held, error)
        else:
            await self.claims.release(held, due)

    async def _later(self, held: Held, error: ServiceError) -> None:
        episode = await self.claims.read(held)
        attempts = episode.attempts
        log.warning("handoff_later", episode=held.id, why=str(error), error=type(error).__name__, attempts=attempts)
        if episode.state == "open" and attempts + 1 >= SLOW_AFTER:
            await self.slow.tell(episode)
        wait = 2.0 if isinstance(error, DeskUnknown) else min(2.0**attempts, LONGEST_BACK_OFF)
        await self.claims.release(held, self.claims.wall.now() + timedelta(seconds=wait), failed=True)

    async def _look(self, held: Held) -> datetime | None:
        """Do what is due; when to look again."""
        episode = await self.claims.read(held)
        if episode.state == "requested":
            await self.delivery.run(held, episode)
            episode = await self.claims.read(held)
        if episode.state == "open":
            await self._open(held, episode)
            episode = await self.claims.read(held)
            if episode.state == "open":
                waits = await self.followup.waiting(held, episode)
                moving = await self.reporter.report(held, episode)
                usual = self.claims.wall.now() + (SOON if moving or episode.promised else self.poll)
                return min(usual, waits or usual)
        return await self._closed(held, episode)

    async def _open(self, held: Held, episode: EpisodeRow) -> None:
        """First what the person said, then whether they still have it, then what the citizen said."""
        await self.fetcher.fetch(held, episode)
        await self.amender.run(held, episode)
        place = await self.desk.look(conversation_of(episode))
        if place.status not in WITH_A_PERSON:
            await self.fetcher.fetch(held, episode)  # the closing note may have come with the end
            await self.feeder.settled(held, episode)
            await self._end(held, episode, "resolved" if place.status == "resolved" else "returned")
            return
        await self._remember(held, episode, place)
        await self.seen.run(held, episode, place)
        await self._keep_promise(held, episode)
        await self.sweep.run(held, episode)
        await self.feeder.feed(held, episode)

    async def _remember(self, held: Held, episode: EpisodeRow, place: Place) -> None:
        if (episode.status, episode.agent) != (place.status, place.agent):
            await self.claims.write(held, status=place.status, agent=place.agent)

    async def _keep_promise(self, held: Held, episode: EpisodeRow) -> None:
        """Whoever asked was to say that a person has it, and did not: it was late, or fell. María says it now."""
        if not episode.promised or self.handoffs.clock.now() - (episode.opened_at or episode.requested_at) < TELL_AFTER:
            return
        async with self.claims.database.begin() as session:
            waits = EpisodeRow.id == episode.id, EpisodeRow.promised.is_(True), EpisodeRow.state == "open"
            changed = update(EpisodeRow).where(*waits).values(promised=False).returning(EpisodeRow.id)
            await self.claims.mine(session, held)
            if (await session.execute(changed)).first():
                await self.handoffs.tell(session, episode, OPENED)
        await self.handoffs.bell.ring("inbox")

    async def _end(self, held: Held, episode: EpisodeRow, by: Closer) -> None:
        """María takes up again; what the citizen wrote meanwhile and nobody at the desk got is hers to answer."""
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            row = await session.get(EpisodeRow, episode.id, with_for_update=True)
            if row is None or row.state != "open":
                return
            await self.handoffs.close(session, row, by)
            row.status = by if by == "resolved" else "pending"
            await self.handoffs.tell(session, row, ENDED, before=await self._give_back(session, episode))
        await self.handoffs.bell.ring("inbox")

    async def _give_back(self, session: AsyncSession, episode: EpisodeRow) -> datetime | None:
        """Messages that did not get to the person wait for María again; when the first of them was sent."""
        lost = RelayRow.episode_id == episode.id, RelayRow.way != "out", RelayRow.status.in_(("pending", "sending"))
        waiting = list(await session.scalars(select(RelayRow).where(*lost)))
        ids = [int(row.key[1:]) for row in waiting if row.way == "in" and row.body.get("owed")]
        await session.execute(update(RelayRow).where(*lost).values(status="skipped"))
        mine = InboxRow.contact_id == episode.contact_id
        back = InboxRow.id.in_(ids) | (InboxRow.status == "relayed")
        changed = update(InboxRow).where(mine, back).values(status="pending", turn_id=None).returning(InboxRow.sent_at)
        sent = [at for (at,) in await session.execute(changed)]
        if sent:
            due = update(ConversationRow).where(ConversationRow.contact_id == episode.contact_id)
            await session.execute(due.values(due_at=self.claims.wall.now()))
        return min(sent, default=None)

    async def _closed(self, held: Held, episode: EpisodeRow) -> datetime | None:
        """Say good-bye at the desk, bring over what a person still writes, tell the last states."""
        if episode.conversation is None:
            await self.claims.write(held, farewell=False)
            return None
        spoke = await self.fetcher.fetch(held, episode)
        if await self.amender.run(held, episode):
            await self.feeder.feed(held, episode, ("note",))
        if episode.farewell:
            await self._farewell(held, episode)
        elif await self._taken_up(held, episode, spoke):
            return self.claims.wall.now()
        rating = await self.followup.closed(held, episode)
        moving = await self.reporter.report(held, episode)
        late = episode.closed_at and self.handoffs.clock.now() - episode.closed_at > AFTERWARDS
        states = self.claims.wall.now() + SOON if moving and not late else None
        return min(filter(None, (rating, states)), default=None)

    async def _farewell(self, held: Held, episode: EpisodeRow) -> None:
        key = "citizen_left_ticket" if episode.closed_by == "ticket" else "citizen_back"
        note = Line(text=str(self.rules.note[key]))
        row = relay(episode.id, "note", f"bye{episode.generation}", note, self.handoffs.clock.now())
        await self.sweep.run(held, episode)
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await insert_new(session, RelayRow, [row], ("episode_id", "key"))
        await self.feeder.feed(held, episode)
        status = await self.desk.end(conversation_of(episode))
        await self.claims.write(held, farewell=False, status=status)

    async def _taken_up(self, held: Held, episode: EpisodeRow, spoke: bool) -> bool:
        """A person opened it again, or writes in one that was given back: it is theirs once more."""
        place = await self.desk.look(conversation_of(episode))
        if place.status == "pending" and spoke:
            place = Place(place.id, place.uuid, await self.desk.hand_over(place.id), place.agent)
        if place.status not in WITH_A_PERSON:
            return False
        try:
            await self._reopen(held, episode, place)
        except IntegrityError:  # a newer episode is alive
            return False
        return True

    async def _reopen(self, held: Held, episode: EpisodeRow, place: Place) -> None:
        after = (episode.inbox_to or 0) + 1, (episode.outbox_to or 0) + 1
        again = {"state": "open", "live_key": episode.contact_id, "closed_at": None, "closed_by": None}
        spans = {"inbox_from": after[0], "outbox_from": after[1], "inbox_to": None, "outbox_to": None}
        news = {"status": place.status, "agent": place.agent, "generation": EpisodeRow.generation + 1}
        await self.claims.write(held, **again, **spans, **news, closing_note=None)

    async def _gone(self, held: Held) -> None:
        """The conversation is not at the desk any more."""
        episode = await self.claims.read(held)
        log.error("handoff_gone", episode=episode.id, state=episode.state)
        if episode.state == "open":
            await self._end(held, episode, "gone")
        if episode.state == "requested":  # made anew
            async with self.claims.database.begin() as session:
                await self.claims.mine(session, held, conversation=None, person=None, filled=False)
                await session.execute(delete(RelayRow).where(RelayRow.episode_id == episode.id))
            await self.claims.release(held, self.claims.wall.now() + timedelta(seconds=5), failed=True)
            return
        await self.claims.write(held, farewell=False)
        await self.claims.release(held, None, failed=True)
