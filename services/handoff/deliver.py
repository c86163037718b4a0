"""A case put on the desk: found or made, filled in order, opened, and only then called open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.analytics.events import Analytics
from services.clock import Clock
from services.contacts.service import Contacts
from services.handoff.claims import Claims, Held
from services.handoff.episodes import Handoffs
from services.handoff.feed import Feeder, conversation_of
from services.handoff.model import Case, Line
from services.handoff.note import Notes, Said
from services.handoff.port import Citizen, Desk, DeskDown, Sheet
from services.handoff.rules import Route, Rules
from services.handoff.spans import FROM_DESK, Talk, recent
from services.handoff.sweep import Sweep, relay
from services.handoff.tables import EpisodeRow, RelayRow
from services.messaging.inbound import Inbound
from services.storage.upsert import insert_new

log = structlog.get_logger(__name__)


@dataclass
class Delivery:
    """Everything between `requested` and `open`; each step can be repeated."""

    claims: Claims
    desk: Desk
    handoffs: Handoffs
    contacts: Contacts
    analytics: Analytics
    feeder: Feeder
    sweep: Sweep
    notes: Notes
    rules: Rules
    clock: Clock

    async def run(self, held: Held, episode: EpisodeRow) -> None:
        """Put it there.

        Raises:
            ServiceError: of the desk; what is done is kept, and the next attempt goes on from there.
        """
        case = Case.model_validate(episode.case)
        if episode.conversation is None:
            await self._place(held, episode, case)
        if not episode.filled:
            await self._fill(held, episode, case)
        await self.feeder.feed(held, episode, ("note",))
        await self.desk.hang(conversation_of(episode), self._sheet(episode, case))
        await self.sweep.run(held, episode)
        await self.feeder.feed(held, episode)
        status = await self.desk.hand_over(conversation_of(episode))
        if status != "open":
            log.error("handoff_not_open", episode=episode.id, status=status)
            raise DeskDown(f"status {status}")
        await self._opened(held, episode)

    async def _place(self, held: Held, episode: EpisodeRow, case: Case) -> None:
        contact = await self.contacts.get(episode.contact_id)
        given = contact.phone.lstrip("+") if contact.phone else None
        phone = f"+52{contact.local_phone}" if contact.local_phone else f"+{given}" if given else None
        named = case.name or str(self.rules.note["name_hidden"])
        contracts = tuple(proof.contract for proof in case.proofs)
        citizen = Citizen(episode.contact_id, named, phone, contracts)
        person = await self.desk.meet(citizen)
        place = await self.desk.find(episode.contact_id, episode.id)
        if place is None:
            place = await self.desk.start(episode.contact_id, person, episode.id, self._attributes(episode, case))
        await self.claims.write(held, person=person, conversation=place.id, conversation_uuid=place.uuid)
        episode.person, episode.conversation, episode.conversation_uuid = person, place.id, place.uuid

    async def _fill(self, held: Held, episode: EpisodeRow, case: Case) -> None:
        """The notes and the citizen's last words, all in the ledger at once."""
        turn = str(episode.case.get("turn") or "")
        intents = await self._intents(episode)
        route = Route(episode.reason, episode.subject, case.team, case.labels, case.priority)
        since, most = self.claims.wall.now() - self.rules.transcript.span, self.rules.transcript.messages
        async with self.claims.database.begin() as session:
            talk = await recent(session, episode.contact_id, since, most, turn)
            first = min((r.id for r in talk.inbox), default=0), min((r.id for r in talk.outbox), default=0)
            await self.claims.mine(session, held, filled=True, inbox_from=first[0], outbox_from=first[1])
            await self._write(session, episode, talk, turn, self.notes.summary(case, route, episode.id), intents)
        episode.filled, episode.inbox_from, episode.outbox_from = True, *first

    async def _write(
        self,
        session: AsyncSession,
        episode: EpisodeRow,
        talk: Talk,
        turn: str,
        summary: str,
        intents: Mapping[str, str],
    ) -> None:
        now = self.clock.now()
        before = [r for r in talk.inbox if r.turn_id != turn and r.status != "relayed"]
        rows = [relay(episode.id, "note", "n0", Line(text=summary), now)]
        pages = self.notes.pages(self._said(before, talk, intents))
        notes = (Line(text=page.text, media=page.media) for page in pages)
        rows += [relay(episode.id, "note", f"n{at}", line, now) for at, line in enumerate(notes, 1)]
        told = [*(f"i{r.id}" for r in before), *(f"o{r.id}" for r in talk.outbox)]
        rows += [relay(episode.id, "told", key, Line(), now, "sent") for key in told]
        rows += [await self.sweep.inbound(session, episode, r) for r in talk.inbox if r.turn_id == turn]
        for row in rows:
            await insert_new(session, RelayRow, [row], ("episode_id", "key"))

    def _said(self, before: list[Any], talk: Talk, intents: Mapping[str, str]) -> list[Said]:
        lines, found = self.sweep.lines, []
        for row in before:
            text = lines.citizen(Inbound.model_validate(row.message), has_file=row.media_id is not None)
            intent = intents.get(row.turn_id or "")
            found.append((row.received_at, 0, row.id, Said(row.received_at, "citizen", text, row.media_id, intent)))
        for out in talk.outbox:
            author = "person" if out.key.startswith(FROM_DESK) else "maria"
            found.append((out.created_at, 1, out.id, Said(out.created_at, author, *lines.maria(out.message))))
        return [said for *_, said in sorted(found, key=lambda f: f[:3])]

    async def _intents(self, episode: EpisodeRow) -> dict[str, str]:
        """Turn → what María took it for."""
        since = episode.requested_at - self.rules.transcript.span
        happened = await self.analytics.of(episode.contact_id, since)
        return {turn: event.name for turn, event in happened if event.kind == "heard"}

    def _sheet(self, episode: EpisodeRow, case: Case) -> Sheet:
        return Sheet(case.labels, case.priority, case.team, self._attributes(episode, case))

    def _attributes(self, episode: EpisodeRow, case: Case) -> dict[str, str]:
        return {"maria_handoff": episode.id, **self.notes.attributes(case, episode.reason)}

    async def _opened(self, held: Held, episode: EpisodeRow) -> None:
        """From this moment on a person has it, and María is silent."""
        async with self.claims.database.begin() as session:
            opened = {"state": "open", "status": "open", "opened_at": self.clock.now()}
            waits = EpisodeRow.id == episode.id, EpisodeRow.state == "requested"
            await session.execute(update(EpisodeRow).where(*waits).values(**opened))
            await self.claims.mine(session, held)
