"""What every webhook does with a body before it is believed."""

from __future__ import annotations

from collections.abc import AsyncIterable


class TooBig(Exception):
    """More than a webhook ever brings."""


async def read_body(chunks: AsyncIterable[bytes], most: int, declared: str | None = None) -> bytes:
    """The raw bytes. `declared`: the length that the head names, if it does.

    Raises:
        TooBig: more than `most`; the rest is not read.
    """
    if declared and declared.isdigit() and int(declared) > most:
        raise TooBig
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > most:
            raise TooBig
    return bytes(content)
