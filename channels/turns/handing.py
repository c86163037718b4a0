"""A turn while a person has the conversation: María is silent, and the message is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from channels.turns.listening import Listener
from channels.turns.port import ChannelPort
from channels.turns.request import SHARES, intent_of
from channels.turns.steps import Step
from services.handoff.episodes import ENDED, OPENED, Handoffs
from services.handoff.followup import NOBODY
from services.identity.codes import Codes
from services.messaging.inbound import Kind
from services.messaging.inbox import Claim, Inbox

OURS = (OPENED, ENDED, NOBODY)  # what María may say in between
FILES = (*SHARES, Kind.STICKER)


@dataclass
class Handing:
    """Decides whose a turn is, and gives it to the person, without a code that would let them in as the citizen."""

    inbox: Inbox
    handoffs: Handoffs
    listener: Listener
    codes: Codes

    async def give(self, claim: Claim, step: Step, port: ChannelPort, *, last: bool) -> bool | None:
        """Hand the step over; whether newer messages wait. None: it is María's."""
        ours = step.kind is Kind.EVENT and intent_of(step.first.tap_id or "") in OURS
        if ours or not await self.handoffs.held(claim.contact) or await self._chooses(claim.contact, step):
            return None
        if step.kind is not Kind.EVENT:
            await self._bring_files(claim, step, port)
        wants_back = step.kind in (Kind.TEXT, Kind.TAP) and self.handoffs.rules.wants_back(step.text)
        more = await self._close(claim, step, wants_back=wants_back, last=last)
        if more is not None:
            await self.handoffs.bell.ring("desk")
        if wants_back:
            await self.handoffs.bell.ring("inbox")
        return more

    async def _chooses(self, contact: str, step: Step) -> bool:
        """Whether it answers what María offered last, tapped or typed ("la 2")."""
        hers = self.handoffs.rules.hers
        if step.kind is Kind.TAP:
            return intent_of(step.first.tap_id or "") in hers
        option = await self.listener.chosen(contact, step.text) if step.kind is Kind.TEXT else None
        return option is not None and intent_of(option.id) in hers

    async def _bring_files(self, claim: Claim, step: Step, port: ChannelPort) -> None:
        for item in step.items:
            if item.message.media is None or item.media_id or item.message.kind not in FILES:
                continue
            fetched = await port.fetch(item.message.media, claim.contact)
            if fetched.media_id:
                await self.inbox.keep_media(item.id, fetched.media_id)

    async def _close(self, claim: Claim, step: Step, *, wants_back: bool, last: bool) -> bool | None:
        secrets = await self.codes.typed(claim.contact, step.text)
        async with self.inbox.database.begin() as session:
            status = "ignored" if step.kind is Kind.EVENT else "relayed"
            if not await self.handoffs.accept(session, claim.contact):
                return None  # it ended just now
            await self.inbox.close(session, claim, step.ids, status)
            await self.inbox.hide(session, step.items, secrets)
            if wants_back:
                await self.handoffs.leave(session, claim.contact, "citizen")
            return await self.inbox.release(session, claim) if last else False
