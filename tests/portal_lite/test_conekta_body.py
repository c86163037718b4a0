"""`/webhooks/conekta` reads no more of a body than a webhook ever has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import httpx
from fastapi import FastAPI

from portal_lite.conekta_webhook import MOST_BYTES, build
from services.payments.service import Payments


async def test_the_rest_of_a_huge_body_is_not_read() -> None:
    app, read = FastAPI(), 0
    app.include_router(build(cast(Payments, object())))  # nobody is asked: it would break

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(40):
            read += MOST_BYTES
            yield b" " * MOST_BYTES

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://edge") as client:
        assert (await client.post("/webhooks/conekta", content=endless())).status_code == 413
    assert read <= 3 * MOST_BYTES
