"""Deliveries to María: signed with RSA, at least once, in no promised order (payments.md 10)."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import secrets
from functools import cached_property
from typing import Any

import httpx
import structlog
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.world import World

log = structlog.get_logger(__name__)
RETRY_SECONDS = (0, 1, 2, 4, 8, 15, 30, 60, 60, 60)
DEFAULT_URL = "http://127.0.0.1:8000/webhooks/conekta"


class SigningKey:
    """A key pair of this process's own."""

    id = secrets.token_hex(12)

    @cached_property
    def _private(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def public_pem(self) -> str:
        """What `/webhook_keys` hands out."""
        form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return self._private.public_key().public_bytes(*form).decode()

    def digest(self, raw: bytes) -> str:
        """The `DIGEST` header: base64 of PKCS1v1.5 over SHA-256 of the raw body."""
        return base64.b64encode(self._private.sign(raw, padding.PKCS1v15(), hashes.SHA256())).decode()


def event(kind: str, body: dict[str, Any], at: int) -> dict[str, Any]:
    """The envelope around an order or a charge."""
    return {
        "id": secrets.token_hex(12),
        "object": "event",
        "type": kind,
        "created_at": at,
        "livemode": False,
        "webhook_status": "pending",
        "webhook_logs": [],
        "data": {"object": body, "previous_attributes": {}},
    }


class Deliverer:
    """Posts events to every subscribed address; one that is not answered with 2xx comes again."""

    def __init__(self, world: World, key: SigningKey, http: httpx.AsyncClient | None = None) -> None:
        self._world = world
        self._key = key
        self._http = http or httpx.AsyncClient(timeout=10)
        self._tasks: set[asyncio.Task[None]] = set()
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.clear()
        world.on_reset(self.clear)

    def clear(self) -> None:
        """Only María's own address stays; what is on its way is dropped."""
        self.webhooks.clear()
        self.subscribe(os.environ.get("MARIA_CONEKTA_WEBHOOK_URL", DEFAULT_URL), None)
        for task in self._tasks:
            task.cancel()

    def subscribe(self, url: str, events: list[str] | None) -> dict[str, Any]:
        """A new webhook; `events` None means all."""
        made = {"id": secrets.token_hex(12), "object": "webhook", "url": url, "status": "listening"}
        self.webhooks[str(made["id"])] = {**made, "livemode": False, "subscribed_events": events or []}
        return self.webhooks[str(made["id"])]

    def post(self, body: dict[str, Any]) -> None:
        """Deliver soon."""
        for webhook in self.webhooks.values():
            if not webhook["subscribed_events"] or body["type"] in webhook["subscribed_events"]:
                self.post_to(webhook["url"], body)

    def post_to(self, url: str, body: dict[str, Any]) -> None:
        """Deliver to one address, with the faults that are switched on."""
        copies = 2 if self._world.faults.hit("conekta_webhook", "duplicate") else 1
        raw = json.dumps(body, ensure_ascii=False).encode()
        for _ in range(copies):
            late = random.uniform(0, 2) if self._world.faults.hit("conekta_webhook", "reorder") else 0.0
            task = asyncio.create_task(self._deliver(url, raw, late))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, url: str, raw: bytes, after: float) -> None:
        await asyncio.sleep(after)
        await self._world.faults.delay("conekta_webhook")
        headers = {"Content-Type": "application/json", "DIGEST": self._key.digest(raw)}
        for wait in RETRY_SECONDS:
            await asyncio.sleep(wait)
            if self._world.faults.hit("conekta_webhook", "drop"):
                continue
            try:
                answer = await self._http.post(url, content=raw, headers=headers)
            except httpx.HTTPError as error:
                log.info("webhook_retry", error=type(error).__name__)
                continue
            if answer.is_success:
                return
        log.warning("webhook_given_up")
