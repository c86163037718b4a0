"""One claimed conversation: its waiting messages, turn by turn, each answered once and in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from channels.turns.alive import kept_alive
from channels.turns.counting import TurnCounts
from channels.turns.handing import Handing
from channels.turns.listening import Listener
from channels.turns.port import ChannelPort
from channels.turns.rasa import RasaClient, TurnFailed
from channels.turns.replies import to_events, to_messages, to_told, to_unclear
from channels.turns.request import Say, typed
from channels.turns.steps import Step, plan_steps
from services.clock import Clock
from services.contacts.naming import called
from services.contacts.service import Contact, Contacts
from services.errors import BadInput, Unavailable
from services.identity.codes import Codes
from services.messaging.events import post
from services.messaging.inbound import Kind
from services.messaging.inbox import Claim, Inbox, LostLease
from services.messaging.outbound import Text
from services.messaging.outbox import Draft, Outbox
from services.metrics import TURN_FAILURES, TURN_SECONDS
from services.review.service import Review

log = structlog.get_logger(__name__)

LONGEST_BACK_OFF = 20  # Rasa is back within half a minute of a fall; what waits should not lie much longer
SAY_DELAYED_AFTER = 3  # failures in a row before the citizen is told
GIVE_UP_AFTER = 8  # failures of one turn that Rasa itself cannot stand
QUIET = frozenset({Kind.REACTION, Kind.EVENT})


@dataclass
class TurnRunner:
    """Answers conversations. `working_after`: seconds of silence before "I am looking" goes out.

    `review` keeps what was not understood; None where nothing is to be kept. `handing` knows what a person has;
    `counts` counts what was heard; `codes` knows which numbers are one-time codes: they are not kept, whatever María
    made of them.
    """

    inbox: Inbox
    outbox: Outbox
    contacts: Contacts
    rasa: RasaClient
    listener: Listener
    ports: Mapping[str, ChannelPort]
    clock: Clock
    working_after: float = 4.0
    review: Review | None = None
    handing: Handing | None = None
    counts: TurnCounts | None = None
    codes: Codes | None = None

    async def run(self, claim: Claim) -> bool:
        """Answer everything that waits; True if newer messages wait already."""
        items = await self.inbox.pending(claim)
        steps = plan_steps(claim.contact, items)
        current: Step | None = None
        with_person = self.handing is not None and await self.handing.handoffs.held(claim.contact)
        show = any(step.kind not in QUIET for step in steps) and not with_person
        try:
            async with kept_alive(claim, self.inbox, self.ports[claim.channel], show=show):
                await self._remember_plan(claim, steps)
                contact = await self.contacts.get(claim.contact)
                for current in steps[:-1]:
                    await self._answer(claim, contact, current)
                current = steps[-1] if steps else None
                return await self._answer(claim, contact, current, last=True)
        except LostLease:
            log.warning("lease_lost", contact=claim.contact)
            return False
        except Unavailable as error:
            await self._retreat(claim, current, error)
            return False

    async def _remember_plan(self, claim: Claim, steps: Sequence[Step]) -> None:
        new = [(step.turn_id, step.ids) for step in steps if step.items[0].turn_id is None]
        if new:
            await self.inbox.plan(claim, new)

    async def _answer(self, claim: Claim, contact: Contact, step: Step | None, last: bool = False) -> bool:
        """Ask Rasa, then write the replies and close the messages in one transaction."""
        if step is not None and self.handing:
            given = await self.handing.give(claim, step, self.ports[claim.channel], last=last)
            if given is not None:
                return given
        started = time.perf_counter()
        replies: list[dict[str, Any]] = []
        say: Say | None = None
        first, secrets = False, list[str]()
        if step is not None:
            say = await self.listener.understand(claim.contact, step, self.ports[claim.channel])
            if say is not None:
                body = await self._body(claim, contact, step, say)
                first = body["metadata"]["first_contact"]
                secrets = await self.codes.typed(claim.contact, step.text) if self.codes else []
                replies = await self._ask(claim, step, say, body)
        more = await self._finish(claim, step, replies, last=last, ignored=say is None, secrets=secrets)
        if replies:
            await self.outbox.bell.ring("outbox")
        if self.counts and step is not None and step.kind is not Kind.EVENT:
            await self.counts.count(contact, step.turn_id, replies, first=first)
        if step is not None:
            TURN_SECONDS.labels(step.kind.value).observe(time.perf_counter() - started)
        return more

    async def _finish(
        self,
        claim: Claim,
        step: Step | None,
        replies: Sequence[dict[str, Any]],
        *,
        last: bool,
        ignored: bool,
        secrets: Sequence[str] = (),
    ) -> bool:
        async with self.outbox.database.begin() as session:
            if step is not None:
                await self.inbox.close(session, claim, step.ids, "ignored" if ignored else "handled")
                await self.outbox.write(session, claim.contact, claim.channel, self._drafts(step, replies))
                for event in to_events(replies, step.turn_id):
                    await post(session, claim.contact, claim.channel, event, self.inbox.wall.now())
                if self.handing:
                    for episode in to_told(replies, "handoff"):
                        await self.handing.handoffs.told(session, episode)
                    for episode in to_told(replies, "rating"):
                        await self.handing.handoffs.asked(session, episode)
                await self.inbox.hide(session, step.items, {*secrets, *to_told(replies, "code")})
                if self.review and (heard := to_unclear(replies)):
                    await self.review.keep(session, step.turn_id, heard, step.first.sender.profile_name)
            return await self.inbox.release(session, claim) if last else False

    def _drafts(self, step: Step, replies: Sequence[dict[str, Any]]) -> list[Draft]:
        messages = to_messages(replies, self.listener.lexicon)
        return [Draft(f"{step.turn_id}:{at}", message, turn_id=step.turn_id) for at, message in enumerate(messages)]

    async def _ask(self, claim: Claim, step: Step, say: Say, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Rasa's replies; when they take long, one word in between."""
        asked = asyncio.create_task(self._turn(body, say))
        try:
            done, _ = await asyncio.wait({asked}, timeout=self.working_after)
            if not done:
                await self._tell(claim, step, "working", self.listener.lexicon.notice_working)
            return await asked
        finally:
            asked.cancel()

    async def _turn(self, body: dict[str, Any], say: Say) -> list[dict[str, Any]]:
        try:
            return await self.rasa.turn(body)
        except BadInput:  # an old button of a flow that is gone: its title may still be understood
            log.info("unknown_intent", contact=body["contact"], intent=say.intent)
            plain = typed(say.text or "", self.listener.max_text_chars)
            if plain is None:
                return []
            return await self.rasa.turn({**body, "text": plain.text, "intent": None, "entities": {}})

    async def _body(self, claim: Claim, contact: Contact, step: Step, say: Say) -> dict[str, Any]:
        return {
            "id": step.turn_id,
            "contact": claim.contact,
            "channel": claim.channel,
            "text": say.text,
            "intent": say.intent,
            "entities": say.entities,
            "metadata": {
                "turn_id": step.turn_id,
                "register": contact.register,
                "first_contact": not await self.outbox.has_spoken(claim.contact),
                "media": list(say.media),
                "kind": step.kind.value,
                "phone": contact.local_phone,
                "named": await self._named(claim.contact, say),
                "now": self.clock.local().isoformat(),
                **({"rest": say.rest} if say.rest else {}),
            },
        }

    async def _named(self, contact: str, say: Say) -> dict[str, str] | None:
        """The contract that the words call by its nickname: "el taller"."""
        if say.intent or not say.text:
            return None
        found = called(say.text, await self.contacts.linked(contact))
        return {"contract": found.contract, "name": str(found.nickname)} if found else None

    async def _tell(self, claim: Claim, step: Step, what: str, text: str) -> None:
        draft = Draft(f"{step.turn_id}:{what}", Text(body=text), turn_id=step.turn_id)
        await self.outbox.enqueue(claim.contact, claim.channel, [draft])

    async def _retreat(self, claim: Claim, step: Step | None, error: Unavailable) -> None:
        """Keep the messages and come again later; a turn that Rasa cannot stand is given up in the end.

        A Rasa that is down, however long, is not the turn's fault.
        """
        TURN_FAILURES.labels(type(error).__name__).inc()
        log.warning("turn_failed", contact=claim.contact, attempts=claim.attempts, error=str(error))
        tired = step is not None and max(item.attempts for item in step.items) + 1 >= GIVE_UP_AFTER
        if step is not None and tired and isinstance(error, TurnFailed):
            log.error("turn_given_up", contact=claim.contact, turn=step.turn_id)
            async with self.outbox.database.begin() as session:
                await self.inbox.close(session, claim, step.ids, "failed")
            await self.inbox.back_off(claim, timedelta())
            return
        waited_for = step is not None and step.kind is not Kind.EVENT
        if step is not None and waited_for and claim.attempts + 1 == SAY_DELAYED_AFTER:
            await self._tell(claim, step, "delayed", self.listener.lexicon.notice_delayed)
        wait = timedelta(seconds=min(2**claim.attempts, LONGEST_BACK_OFF))
        broke = step.ids if step and isinstance(error, TurnFailed) else ()
        await self.inbox.back_off(claim, wait, broke)
