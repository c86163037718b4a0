"""The ready-made attachments of the phone page, by file name."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.aquasis.ledger import Ledger
from sandbox.phone import scenes
from sandbox.phone.bill import bill
from sandbox.phone.voice import voice_note

Draw = Callable[[str], bytes]
UNREAD_M3 = 6  # used since the meter was last read
UNKNOWN_METER_M3 = 623

SAMPLES: dict[str, tuple[str, Draw]] = {
    "leak.jpg": ("image/jpeg", scenes.leak),
    "bill.jpg": ("image/jpeg", bill),
    "ticket.jpg": ("image/jpeg", scenes.ticket),
    "sticker.webp": ("image/webp", scenes.sticker),
    "voice.ogg": ("audio/ogg; codecs=opus", lambda _contract: voice_note(4)),
}


def sample(books: Ledger, name: str, contract: str) -> tuple[str, bytes] | None:
    """MIME type and content; None where there is no such file."""
    if name == "meter.jpg":
        return "image/jpeg", scenes.meter(contract, _shown(books, contract))
    if name not in SAMPLES:
        return None
    mime, draw = SAMPLES[name]
    return mime, draw(contract)


def _shown(books: Ledger, contract: str) -> int:
    """What this contract's meter shows today."""
    account = books.account(contract)
    return books.usage(account)[-1].register + UNREAD_M3 if account else UNKNOWN_METER_M3
