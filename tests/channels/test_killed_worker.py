"""A worker is killed in the middle of its turns (SIGKILL, no goodbye); another finishes them, each once."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.clock import Clock
from services.messaging.bell import Bell
from services.messaging.inbound import Inbound, Kind, Sender
from services.messaging.ingest import Delivery, Ingest
from tests.channels.conftest import body_of, until
from tests.engines import free_port

ROOT = Path(__file__).parents[2]
PEOPLE = [f"52144255506{n:02}" for n in range(12)]


class Processes:
    """Starts parts; ends what is left."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *module: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT, env=self.environment)
        self.running.append(process)
        return process

    def stop(self) -> None:
        for process in self.running:
            process.kill()
            process.wait(10)


@pytest.fixture
def processes(empty_database_url: str, redis_url: str) -> Iterator[Processes]:
    rasa, sandbox, worker = free_port(), free_port(), free_port()
    made = Processes(
        {
            "DATABASE_URL": empty_database_url,
            "REDIS_URL": redis_url,
            "RASA_PORT": str(rasa),
            "RASA_URL": f"http://127.0.0.1:{rasa}",
            "SANDBOX_PORT": str(sandbox),
            "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{sandbox}/graph",
            "CLOCK_URL": f"http://127.0.0.1:{sandbox}/control/clock",
            "MARIA_WEBHOOK_URL": "http://127.0.0.1:1/nowhere",
            "WORKER_PORT": str(worker),
            "TURN_LEASE_SECONDS": "2",
            "LOG_LEVEL": "ERROR",
        }
    )
    yield made
    made.stop()


async def get(http: httpx.AsyncClient, url: str) -> Any:
    try:
        return (await http.get(url)).json()
    except httpx.HTTPError:
        return None


async def test_what_a_killed_worker_held_is_finished_once(processes: Processes, database: Any) -> None:
    environment = processes.environment
    sandbox = f"http://127.0.0.1:{environment['SANDBOX_PORT']}"
    processes.start("sandbox")
    processes.start("tests.channels.slow_rasa")
    async with httpx.AsyncClient() as http:
        await until(lambda: get(http, f"{sandbox}/control/health"), bool, 20)
        await until(lambda: get(http, f"{environment['RASA_URL']}/asked"), lambda found: found is not None, 20)
        for phone in PEOPLE:  # the stand-in opens the 24-hour window; its own webhook leads nowhere
            await http.post(f"{sandbox}/control/whatsapp/inbound", json={"from": phone, "text": "hola"})
        victim = processes.start("runtime.worker")
        ingest = Ingest(database, Clock(), Bell(None))
        await ingest.store(Delivery([message(phone) for phone in PEOPLE]))
        await until(lambda: get(http, f"{environment['RASA_URL']}/asked"), lambda found: len(found) >= 6, 20)
        victim.kill()
        victim.wait(10)
        processes.start("runtime.worker")

        async def sent() -> list[dict[str, Any]]:
            return list(await get(http, f"{sandbox}/control/whatsapp/sent"))

        everything = await until(sent, lambda found: len(found) >= 2 * len(PEOPLE), 40)
        await asyncio.sleep(1)
        everything = await sent()
    got = Counter((m["to"], body_of(m)) for m in everything)
    assert len(got) == 2 * len(PEOPLE)
    assert set(got.values()) == {1}


def message(phone: str) -> Inbound:
    return Inbound(
        channel="whatsapp",
        provider_id=f"wamid.{phone}",
        sender=Sender(phone=phone),
        sent_at=datetime.now(UTC),
        kind=Kind.TEXT,
        text="¿cuánto debo de mi recibo?",
    )
