"""Webhooks to María: signed, at least once, in no promised order (reference/whatsapp.md, sections 1.2 and 1.3)."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from sandbox.faults import FaultBoard
from sandbox.whatsapp.ids import APP_SECRET
from sandbox.whatsapp.inbound import encode, envelope, sign

FIRST_GAP, LONGEST_GAP, TRIES = 0.5, 60.0, 30
BATCH_SECONDS = 0.15
Post = Callable[[str, bytes, dict[str, str]], Awaitable[int]]


class HttpPost:
    """The real thing: one HTTP client, opened when first needed."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """POST and give the status; 0 if there was no answer."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=20)
        try:
            return (await self._client.post(url, content=body, headers=headers)).status_code
        except httpx.HTTPError:
            return 0


@dataclass
class Webhooks:
    """Delivers envelopes. What is not answered 200 comes again, with gaps that double from half a second to a minute.

    Faults on `whatsapp_webhook`: `duplicate` (twice), `reorder` (up to 2 s late), `drop` (an attempt is lost on
    the way), `latency`.
    """

    faults: FaultBoard
    post: Post = field(default_factory=HttpPost)
    url: str = field(
        default_factory=lambda: os.environ.get("MARIA_WEBHOOK_URL", "http://127.0.0.1:8000/webhooks/whatsapp")
    )
    secret: str = field(default_factory=lambda: os.environ.get("WHATSAPP_APP_SECRET", APP_SECRET))
    first_gap: float = FIRST_GAP
    delivered: int = 0
    failed_attempts: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _statuses: list[dict[str, Any]] = field(default_factory=list)

    def clear(self) -> None:
        """Drop what is still under way."""
        for task in self._tasks:
            task.cancel()
        self._statuses.clear()
        self.delivered = self.failed_attempts = 0

    @property
    def waiting(self) -> int:
        """How many deliveries are under way."""
        return len(self._tasks)

    def send(self, body: dict[str, Any]) -> None:
        """Deliver an envelope in the background."""
        raw = encode(body)
        for _ in range(2 if self.faults.hit("whatsapp_webhook", "duplicate") else 1):
            late = random.uniform(0.5, 2.0) if self.faults.hit("whatsapp_webhook", "reorder") else 0.0
            self._start(self._deliver(raw, late))

    def status(self, status: dict[str, Any]) -> None:
        """Deliver a status; those of the same moment travel together, as Meta batches them."""
        self._statuses.append(status)
        if len(self._statuses) == 1:
            self._start(self._flush())

    async def _flush(self) -> None:
        await asyncio.sleep(BATCH_SECONDS)
        statuses, self._statuses = self._statuses, []
        if statuses:
            self.send(envelope(statuses=statuses))

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, raw: bytes, late: float) -> None:
        await asyncio.sleep(late)
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(raw, self.secret)}
        gap = self.first_gap
        for _ in range(TRIES):
            await self.faults.delay("whatsapp_webhook")
            lost = self.faults.hit("whatsapp_webhook", "drop")
            if not lost and await self.post(self.url, raw, headers) == 200:
                self.delivered += 1
                return
            self.failed_attempts += 1
            await asyncio.sleep(gap)
            gap = min(gap * 2, LONGEST_GAP)
