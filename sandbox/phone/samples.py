"""The ready-made attachments of the phone page, by file name."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.phone import scenes
from sandbox.phone.bill import bill
from sandbox.phone.voice import voice_note

Draw = Callable[[str], bytes]

SAMPLES: dict[str, tuple[str, Draw]] = {
    "leak.jpg": ("image/jpeg", scenes.leak),
    "bill.jpg": ("image/jpeg", bill),
    "meter.jpg": ("image/jpeg", scenes.meter),
    "ticket.jpg": ("image/jpeg", scenes.ticket),
    "sticker.webp": ("image/webp", scenes.sticker),
    "voice.ogg": ("audio/ogg; codecs=opus", lambda _contract: voice_note(4)),
}
