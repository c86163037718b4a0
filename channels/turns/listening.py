"""What a step means: reads what is needed from the database and asks the pure functions of `request.py`."""

from __future__ import annotations

from dataclasses import dataclass

from channels.turns.choices import LONGEST, choose
from channels.turns.lexicon import Lexicon
from channels.turns.port import ChannelPort
from channels.turns.request import SHARES, SHORT_KEY, Fetched, Say, reacted, shared, tapped, typed
from channels.turns.steps import Step
from services.messaging.inbound import Kind
from services.messaging.inbox import Inbox
from services.messaging.outbound import Option, options_of
from services.messaging.outbox import Outbox


@dataclass
class Listener:
    """Turns a step into what Rasa is told."""

    inbox: Inbox
    outbox: Outbox
    lexicon: Lexicon
    max_text_chars: int

    async def understand(self, contact: str, step: Step, port: ChannelPort) -> Say | None:
        """None for what opens no turn."""
        most, message = self.max_text_chars, step.first
        if step.kind is Kind.TEXT:
            option = await self.chosen(contact, step.text)
            return tapped(option.id, option.title, most) if option else typed(step.text, most)
        if step.kind is Kind.TAP:
            tap_id = await self._long_id(contact, message.tap_id or "", port)
            return tapped(tap_id, message.text, most)
        if step.kind is Kind.EVENT:
            return tapped(message.tap_id or "", None, most)
        if step.kind is Kind.REACTION:
            is_last = bool(message.reply_to) and await self.outbox.is_last(contact, message.reply_to or "")
            return reacted(message, is_last, self.lexicon)
        fetched = await self._file(contact, step, port) if step.kind in SHARES else Fetched()
        return shared(step, fetched, most)

    async def chosen(self, contact: str, text: str) -> Option | None:
        """What is on the screen and meant by a typed text."""
        if len(text) > LONGEST or "\n" in text:
            return None
        shown = [option for message in await self.outbox.offered(contact) for option in options_of(message)]
        return choose(text, shown, self.lexicon)

    async def _long_id(self, contact: str, tap_id: str, port: ChannelPort) -> str:
        """The id that a short key stands for."""
        if not tap_id.startswith(SHORT_KEY):
            return tap_id
        for message in await self.outbox.recent(contact):
            for option in options_of(message):
                if port.short_key(option.id) == tap_id:
                    return option.id
        return ""

    async def _file(self, contact: str, step: Step, port: ChannelPort) -> Fetched:
        """The message's file, brought home once."""
        item = step.items[0]
        if item.media_id:
            return Fetched(item.media_id)
        if item.message.media is None:
            return Fetched(error="unavailable")
        fetched = await port.fetch(item.message.media, contact)
        if fetched.media_id:
            await self.inbox.keep_media(item.id, fetched.media_id)
        return fetched
