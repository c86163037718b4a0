"""A Conekta stand-in of each test's own, its webhooks caught in a list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from sandbox.conekta.router import ACCEPT, Conekta
from sandbox.data import SandboxData
from sandbox.world import World


@dataclass
class Caught:
    """What María's webhook got; `refuse` answers so many with 503 first."""

    requests: list[httpx.Request] = field(default_factory=list)
    refuse: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.refuse:
            self.refuse -= 1
            return httpx.Response(503)
        self.requests.append(request)
        return httpx.Response(200)


@pytest.fixture
def caught() -> Caught:
    return Caught()


@pytest.fixture
def conekta(caught: Caught) -> Conekta:
    return Conekta(World(SandboxData()), httpx.AsyncClient(transport=httpx.MockTransport(caught)))


@pytest.fixture
async def api(conekta: Conekta) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(conekta.router)
    headers = {"Authorization": "Bearer key_sandbox", "Accept": ACCEPT}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://sandbox", headers=headers
    ) as client:
        yield client


def order(kind: str = "cash", amount: int = 48_600, **more: Any) -> dict[str, Any]:
    """An order body as María sends it."""
    return {
        "currency": "MXN",
        "customer_info": {"name": "Contrato 455123", "email": "pagos@example.mx", "phone": "+524425550100"},
        "line_items": [{"name": "Servicio de agua", "unit_price": amount, "quantity": 1}],
        "charges": [{"payment_method": {"type": kind}, "reference_id": "p1"}],
        "metadata": {"maria_payment": "p1"},
        **more,
    }
