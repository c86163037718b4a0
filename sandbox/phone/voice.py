"""A voice note of silence: a real Ogg Opus file, made without an encoder (RFC 3533, RFC 7845, RFC 6716)."""

from __future__ import annotations

import struct

SILENCE = b"\xf8\xff\xfe"  # one 20 ms mono frame of silence
FRAME_SAMPLES = 960  # 20 ms at 48 kHz
PER_PAGE = 50
SERIAL = 0x4D415249
POLYNOMIAL = 0x04C11DB7


def voice_note(seconds: int) -> bytes:
    """An `audio/ogg; codecs=opus` file of that length."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    maker = b"sandbox"
    tags = b"OpusTags" + struct.pack("<I", len(maker)) + maker + struct.pack("<I", 0)
    pages = [_page([head], 0, 0, 2), _page([tags], 1, 0, 0)]
    frames = seconds * PER_PAGE
    for number, start in enumerate(range(0, frames, PER_PAGE), start=2):
        last = start + PER_PAGE >= frames
        position = (start + PER_PAGE) * FRAME_SAMPLES
        pages.append(_page([SILENCE] * PER_PAGE, number, position, 4 if last else 0))
    return b"".join(pages)


def _page(packets: list[bytes], number: int, position: int, flags: int) -> bytes:
    lacing = bytes(len(p) for p in packets)
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, SERIAL, number, 0)
    page = head + bytes([len(lacing)]) + lacing + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (POLYNOMIAL if value & 0x80000000 else 0)
        value &= 0xFFFFFFFF
    return value
