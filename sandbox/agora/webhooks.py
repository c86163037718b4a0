"""Deliveries: one attempt, five seconds, signed, in no order (agora.md 5.1 to 5.3)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from sandbox.agora.account import Json
from sandbox.agora.store import Store

SECONDS, KEPT = 5.0, 500
SUBSCRIPTIONS = (
    "conversation_created conversation_status_changed conversation_updated contact_created contact_updated "
    "message_created message_updated webwidget_triggered conversation_typing_on conversation_typing_off "
    "inbox_created inbox_updated"
).split()
NEVER_FROM_INBOX = ("contact_created", "contact_updated", "inbox_created", "inbox_updated")
Post = Callable[[str, bytes, dict[str, str]], Awaitable[int]]
Build = Callable[[], Json]
Failed = Callable[[str], None]


class HttpPost:
    """The real thing; raises what httpx raises."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The answer's status."""
        self._client = self._client or httpx.AsyncClient(timeout=SECONDS)
        return (await self._client.post(url, content=body, headers=headers)).status_code


@dataclass
class Subscription:
    """An account webhook."""

    id: int
    url: str
    subscriptions: list[str]
    name: str | None = None
    secret: str = field(default_factory=lambda: secrets.token_hex(16))

    def view(self, account: int) -> Json:
        """As the API lists it."""
        return {**self.__dict__, "account_id": account, "inbox": None}


def signed(raw: bytes, secret: str, at: int) -> dict[str, str]:
    """The two headers: HMAC-SHA256 over the time, a dot and the raw body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return {"X-Chatwoot-Timestamp": str(at), "X-Chatwoot-Signature": f"sha256={digest}"}


class Webhooks:
    """Sends events away in the background.

    Faults on `agora_webhook`: `duplicate`, `reorder` (up to 2 s late), `drop` (it never arrives), `latency`, `timeout`.
    """

    def __init__(self, store: Store, post: Post | None = None) -> None:
        self.store = store
        self.post = post or HttpPost()
        self.subscribed: dict[int, Subscription] = {}
        self.log: deque[Json] = deque(maxlen=KEPT)
        self._tasks: set[asyncio.Task[None]] = set()
        store.world.on_reset(self.clear)

    def clear(self) -> None:
        """Drop what is under way and whoever subscribed."""
        for task in self._tasks:
            task.cancel()
        self.subscribed.clear()
        self.log.clear()

    async def settled(self) -> None:
        """Until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def send(self, event: str, build: Build, failed: Failed | None = None) -> None:
        """Deliver to the inbox's address and to every account webhook that asked for it.

        Args:
            event: its name.
            build: makes the payload when it leaves, which may be later than what happened.
            failed: told why the inbox's own delivery failed.
        """
        inbox, behaviour = self.store.directory.inbox, self.store.behaviour
        if inbox.webhook_url and event not in NEVER_FROM_INBOX:
            secret = inbox.secret if behaviour.since("4.13.0") else None
            self._start(event, inbox.webhook_url, secret, build, failed)
        for one in self.subscribed.values():
            if event in one.subscriptions:
                self._start(event, one.url, one.secret if behaviour.since("4.11.2") else None, build, None)

    def _start(self, event: str, url: str, secret: str | None, build: Build, failed: Failed | None) -> None:
        faults = self.store.world.faults
        for _ in range(2 if faults.hit("agora_webhook", "duplicate", event) else 1):
            late = random.uniform(0.2, 2.0) if faults.hit("agora_webhook", "reorder", event) else 0.0
            self._run(self._deliver(event, url, secret, build, failed, late))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(
        self, event: str, url: str, secret: str | None, build: Build, failed: Failed | None, late: float
    ) -> None:
        await asyncio.sleep(late)
        raw = json.dumps({**build(), "event": event}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers["X-Chatwoot-Delivery"] = str(uuid4())
        if secret:
            headers |= signed(raw, secret, int(time.time()))
        problem = await self._attempt(event, url, raw, headers)
        self.log.append({"event": event, "url": url, "delivery": headers["X-Chatwoot-Delivery"], "problem": problem})
        if problem and failed:
            failed(problem)

    async def _attempt(self, event: str, url: str, raw: bytes, headers: dict[str, str]) -> str | None:
        """None, or what went wrong, in the words that end under the agent's message."""
        faults = self.store.world.faults
        if faults.hit("agora_webhook", "timeout", event):
            return "Timed out reading data from server"
        if faults.hit("agora_webhook", "drop", event):
            return "Failed to open TCP connection"
        await faults.delay("agora_webhook", event)
        try:
            async with asyncio.timeout(2 * SECONDS):
                status = await self.post(url, raw, headers)
        except (httpx.TimeoutException, TimeoutError):
            return "Timed out reading data from server"
        except httpx.HTTPError as error:
            return f"Failed to open TCP connection ({type(error).__name__})"
        return None if 200 <= status < 300 else f"{status} response"
