"""Citizens as Meta would bring them: signed webhooks straight to the edge, sent again until they are taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from sandbox.whatsapp.ids import APP_SECRET, new_wamid
from sandbox.whatsapp.inbound import Content, Sender, encode, envelope, message, sign

FIRST_GAP, LONGEST_GAP = 0.3, 2.0


@dataclass
class Said:
    """One message of a citizen. `at`: unix seconds of the first POST; `answers`: seconds of each 200."""

    phone: str
    content: Content
    id: str = field(default_factory=new_wamid)
    at: float = 0.0
    answers: list[float] = field(default_factory=list)
    refused: int = 0

    def body(self) -> bytes:
        """The webhook's bytes, the same every time."""
        sender = Sender(wa_id=self.phone)
        return encode(envelope(message(sender, self.content, id=self.id, at=self.at), sender=sender))


class Meta:
    """Posts to the edge of a running María."""

    def __init__(self, edge_port: int, timeout: float = 20.0) -> None:
        self.url = f"http://127.0.0.1:{edge_port}/webhooks/whatsapp"
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        self.http = httpx.AsyncClient(timeout=timeout, limits=limits)

    async def __aenter__(self) -> Meta:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def once(self, said: Said) -> bool:
        """One POST; whether it was taken."""
        said.at = said.at or time.time()
        raw = said.body()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(raw, APP_SECRET)}
        began = time.perf_counter()
        try:
            taken = (await self.http.post(self.url, content=raw, headers=headers)).status_code == 200
        except httpx.HTTPError:
            taken = False
        if taken:
            said.answers.append(time.perf_counter() - began)
        else:
            said.refused += 1
        return taken

    async def until_taken(self, said: Said) -> Said:
        """Again and again, with gaps that double, as Meta does for a week."""
        gap = FIRST_GAP
        while not await self.once(said):
            await asyncio.sleep(gap)
            gap = min(2 * gap, LONGEST_GAP)
        return said


async def steadily(work: Sequence[Callable[[], Awaitable[Any]]], per_second: float) -> list[Any]:
    """Start each piece at its own moment, whether or not the earlier ones are done; all results."""
    tasks, began = [], time.perf_counter()
    for number, piece in enumerate(work):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        tasks.append(asyncio.ensure_future(piece()))
    return await asyncio.gather(*tasks)


def phones(count: int, first: int = 4425570000) -> list[str]:
    """WhatsApp numbers of nobody in the sandbox's data."""
    return [f"521{first + n}" for n in range(count)]
