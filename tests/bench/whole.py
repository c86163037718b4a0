"""The running María with everything a measurement needs: a way in, the tables, and the other side's clock."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import psutil

from runtime.parts import environment
from services.messaging.burst import wait_after
from services.messaging.inbound import Inbound, Kind, Sender
from services.redis import connect
from services.settings import get_settings
from services.storage import Database
from tests.bench.ledger import letters_for, settled
from tests.bench.load import Meta, Said, steadily
from tests.system.maria import Maria

BURST = timedelta(seconds=get_settings().burst_seconds)
PARTS = ("redis", "sandbox", "rasa", "actions", "edge", "worker")
PATIENCE = 240.0  # seconds for a backlog to be worked off


@dataclass(frozen=True)
class Reply:
    """The first body that answered a message: seconds from its webhook to Graph's acceptance."""

    said: Said
    seconds: float
    body: dict[str, Any]

    @property
    def after_burst(self) -> float:
        """The same, from when María may stop waiting for more of the burst (services/messaging/burst.py)."""
        return self.seconds - listened(self.said)


@dataclass
class Whole:
    """A started María."""

    maria: Maria
    meta: Meta
    database: Database
    sandbox: httpx.AsyncClient
    quick: bool

    async def say(self, all_said: Sequence[Said], per_second: float) -> list[Said]:
        """Bring these messages at an even pace."""
        return await steadily([lambda s=said: self.meta.until_taken(s) for said in all_said], per_second)

    async def replies(self, all_said: Sequence[Said]) -> list[Reply]:
        """What answered each, once nothing waits any more; those without an answer are left out."""
        await settled(self.database, PATIENCE)
        letters = await letters_for(self.database, [s.id for s in all_said])
        accepted = await self.accepted({s.phone for s in all_said})
        found = []
        for said in all_said:
            times = [accepted[str(row.id)] for row in letters[said.id] if str(row.id) in accepted]
            if times:
                at, body = min(times, key=lambda pair: pair[0])
                found.append(Reply(said, at - said.at, body))
        return found

    async def accepted(self, phones: set[str]) -> dict[str, tuple[float, dict[str, Any]]]:
        """`biz_opaque_callback_data` → when the sandbox accepted the body, and the body."""
        found = {}
        for phone in phones:
            thread = (await self.sandbox.get("/control/whatsapp/thread", params={"person": phone})).json()
            for line in thread["lines"]:
                if line["direction"] == "out":
                    at = datetime.fromisoformat(line["at"]).timestamp()
                    found[line["message"]["biz_opaque_callback_data"]] = (at, line["message"])
        return found

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Each part's processes."""
        parents = {name: psutil.Process(self.maria.supervisor.pid(name)) for name in PARTS}
        return {name: [parent, *parent.children(recursive=True)] for name, parent in parents.items()}

    def processor_seconds(self) -> dict[str, float]:
        """What each part has used of the processors so far, and the load generator."""
        mine = psutil.Process().cpu_times()
        used = {
            name: sum(t.user + t.system for t in (p.cpu_times() for p in family))
            for name, family in self.processes().items()
        }
        return {**used, "load": mine.user + mine.system}

    async def slow_aquasis(self) -> None:
        """Aquasis takes 2 to 5 seconds a call, and nothing of it is remembered."""
        fault = {"system": "aquasis", "kind": "latency", "seconds": 3.5, "jitter": 1.5}
        (await self.sandbox.post("/control/faults", json=[fault])).raise_for_status()
        redis = connect(environment(self.maria.ports, self.maria.var)["REDIS_URL"])
        async for key in redis.scan_iter("aq*:*"):
            await redis.delete(key)
        await redis.aclose()

    async def no_faults(self) -> None:
        """All systems well again."""
        (await self.sandbox.post("/control/faults", json=[])).raise_for_status()

    async def customers(self, most: int) -> list[tuple[str, str]]:
        """(WhatsApp number, contract) of people whose only contract is registered with that number."""
        accounts = (await self.sandbox.get("/control/data/accounts")).json()
        phones = [phone for account in accounts for phone in account["phones"]]
        plain = [
            (f"521{account['phones'][0]}", account["contract"])
            for account in accounts
            if len(account["phones"]) == 1 and phones.count(account["phones"][0]) == 1 and "PDF" not in account["story"]
        ]
        return plain[:most]


def listened(said: Said) -> float:
    """Seconds that the burst rule waits after this message."""
    body = said.content.get("text", {}).get("body")
    message = Inbound(
        channel="whatsapp",
        provider_id=said.id,
        sender=Sender(phone=said.phone),
        sent_at=datetime.fromtimestamp(said.at).astimezone(),
        kind=Kind.TEXT if body else Kind.TAP,
        text=body,
    )
    return wait_after(message, BURST).total_seconds()


def says(body: dict[str, Any], *parts: str) -> bool:
    """Whether the body holds all these texts."""
    raw = json.dumps(body, ensure_ascii=False)
    return all(part in raw for part in parts)


@asynccontextmanager
async def whole(maria: Maria, *, quick: bool) -> AsyncIterator[Whole]:
    """The helpers around a running María, closed again."""
    database = Database(environment(maria.ports, maria.var)["DATABASE_URL"])
    sandbox = httpx.AsyncClient(base_url=f"http://127.0.0.1:{maria.ports.sandbox}", timeout=30)
    try:
        async with Meta(maria.ports.edge) as meta, sandbox:
            yield Whole(maria, meta, database, sandbox, quick)
    finally:
        await database.close()
        await asyncio.sleep(0)
