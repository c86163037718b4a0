"""The stand-in on a day that does not move unless a test says so, asked through zeep on our own WSDL files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from zeep import AsyncClient, Settings
from zeep.proxy import AsyncServiceProxy
from zeep.transports import AsyncTransport
from zeep.wsse.username import UsernameToken

from sandbox.aquasis import build
from sandbox.aquasis.ledger import Ledger
from sandbox.aquasis.wire import FILES, WSDL
from sandbox.data import SandboxData
from sandbox.world import SandboxClock, World

TODAY = datetime(2026, 11, 24, 18, tzinfo=UTC)


class FixedClock(SandboxClock):
    def now(self) -> datetime:
        return TODAY + self.offset


def made_world() -> World:
    return World(SandboxData(), clock=FixedClock())


@dataclass
class Asker:
    """Strict: an element that is declared and missing is an error."""

    world: World
    http: httpx.AsyncClient

    async def ask(self, service: str, operation: str, **arguments: Any) -> Any:
        client = AsyncClient(
            str(WSDL / FILES[service]),
            wsse=UsernameToken("sandbox", "sandbox-aquasis-password"),
            transport=AsyncTransport(client=self.http),
            settings=Settings(strict=True),
        )
        binding = next(iter(client.wsdl.bindings.values()))
        proxy = AsyncServiceProxy(client, binding, address=f"http://sandbox/aquasis/services/{service}")
        return await getattr(proxy, operation)(**arguments)


@pytest.fixture
def world() -> World:
    return made_world()


@pytest.fixture
def books(world: World) -> Ledger:
    return Ledger(world)


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(build(world))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://sandbox") as client:
        yield client


@pytest.fixture
def asker(world: World, http: httpx.AsyncClient) -> Asker:
    return Asker(world, http)
