"""Deliveries to María: signed, at least once, in no promised order, with the faults that are switched on."""

from __future__ import annotations

import asyncio
import os
import random
from typing import Any

import httpx
import structlog

from sandbox.whatsapp.inbound import encode, sign
from sandbox.world import World

log = structlog.get_logger(__name__)
RETRY_SECONDS = (0, 1, 2, 4, 8, 15, 30, 60, 60, 60)


class Deliverer:
    """Posts envelopes in the background; a refused one comes again for some minutes (Meta: up to 7 days)."""

    def __init__(self, world: World, http: httpx.AsyncClient | None = None) -> None:
        self._world = world
        self._url = os.environ.get("MARIA_WEBHOOK_URL", "http://127.0.0.1:8000/webhooks/whatsapp")
        self._secret = os.environ.get("WHATSAPP_APP_SECRET", "sandbox-app-secret")
        self._http = http or httpx.AsyncClient(timeout=10)
        self._tasks: set[asyncio.Task[None]] = set()

    def post(self, body: dict[str, Any], *, after: float = 0.0) -> None:
        """Deliver `body` soon."""
        copies = 2 if self._world.faults.hit("whatsapp_webhook", "duplicate") else 1
        for _ in range(copies):
            late = random.uniform(0, 2) if self._world.faults.hit("whatsapp_webhook", "reorder") else 0.0
            task = asyncio.create_task(self._deliver(encode(body), after + late))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, raw: bytes, after: float) -> None:
        await asyncio.sleep(after)
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(raw, self._secret)}
        for wait in RETRY_SECONDS:
            await asyncio.sleep(wait)
            if self._world.faults.hit("whatsapp_webhook", "drop"):
                continue
            try:
                answer = await self._http.post(self._url, content=raw, headers=headers)
            except httpx.HTTPError as error:
                log.info("webhook_retry", error=type(error).__name__)
                continue
            if answer.status_code == 200:
                return
        log.warning("webhook_given_up")
