"""Edge and sandbox as two real servers with a worker's payment loop: all that a card payment needs but Rasa."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import lxml.html

from runtime.edge import build_app
from runtime.payments import build_payments
from runtime.wiring import Parts
from sandbox.app import build_app as build_sandbox
from sandbox.data import SandboxData
from sandbox.world import World
from services.clock import Clock
from services.links.card import build_links
from services.payments.model import BillShare, CardCheckout, Method
from services.payments.service import Payments
from services.payments.tables import PaymentRow
from services.settings import Settings
from services.storage.metadata import metadata
from tests.engines import free_port
from tests.serving import served

BILLS = (BillShare("F1", 28_600, "R1", "2026-10"), BillShare("F2", 20_000, "R2", "2026-11"))
AMOUNT = 48_600


async def _follow(payments: Payments) -> None:
    """What the worker does with webhooks."""
    while True:
        await payments.process_waiting()
        await asyncio.sleep(0.2)


@dataclass
class Stand:
    """What a test holds on to."""

    settings: Settings
    world: World
    parts: Parts
    payments: Payments

    @property
    def clock(self) -> Clock:
        return self.parts.clock

    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def ask(self, contact: str | None = None) -> CardCheckout:
        """As the chat does: each time another citizen, unless `contact` says who, with another contract."""
        number = next(self.numbers)
        key, contract = f"key-{number}", f"77{number:03}8213"
        who = contact or f"contact-{number}"
        made = await self.payments.create_reference(who, contract, Method.CARD, AMOUNT, BILLS, key)
        assert isinstance(made, CardCheckout)
        return made

    async def pay_elsewhere(self, made: CardCheckout) -> None:
        """The same checkout is paid on another phone."""
        async with httpx.AsyncClient() as other:
            await other.post(made.url.replace("/conekta/", "/control/conekta/") + "/pay")

    async def withdraw(self, made: CardCheckout) -> None:
        """Another way to pay takes this one's place."""
        async with self.parts.database.read() as session:
            row = await session.get_one(PaymentRow, made.payment_id)
        await self.payments.create_reference(row.contact_id, row.contract, Method.CASH, AMOUNT, BILLS, f"{row.id}-2")

    def url(self, made: CardCheckout) -> str:
        """What the chat's button opens."""
        return build_links(self.settings, self.clock).card(made.payment_id, made.expires_at)


@asynccontextmanager
async def standing(tmp_path: Path, redis_url: str, monkeypatch, **more: object) -> AsyncIterator[Stand]:
    """Everything up; `more` are settings."""
    edge, box = free_port(), free_port()
    monkeypatch.setenv("SANDBOX_PORT", str(box))
    monkeypatch.setenv("MARIA_CONEKTA_WEBHOOK_URL", f"http://127.0.0.1:{edge}/webhooks/conekta")
    values: dict[str, object] = {
        "edge_url": f"http://127.0.0.1:{edge}",
        "database_url": f"sqlite+aiosqlite:///{tmp_path / 'maria.db'}",
        "redis_url": redis_url,
        "conekta_url": f"http://127.0.0.1:{box}/conekta",
        "conekta_checkout_origins": f"http://127.0.0.1:{box}",
        "conekta_script_url": f"http://127.0.0.1:{box}/conekta/v1.0/js/conekta-checkout.min.js",
        "conekta_component_origins": f"http://127.0.0.1:{box}",
        "whatsapp_chat_url": f"http://127.0.0.1:{box}/wa.me/524425550100",
        "clock_url": f"http://127.0.0.1:{box}/control/clock",
        "payments_post_to_aquasis": False,
    }
    settings = Settings(_env_file=None, **{**values, **more})  # type: ignore[arg-type]
    world, parts = World(SandboxData()), Parts.build(settings)
    async with parts.database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    payments = build_payments(parts)
    async with served(build_sandbox(world), box), served(build_app(parts=parts), edge):
        working = asyncio.create_task(_follow(payments))
        yield Stand(settings, world, parts, payments)
        while not working.done():  # below Python 3.12 a cancellation can get lost in a library's `wait_for`
            working.cancel()
            await asyncio.wait({working}, timeout=1)


class Visitor:
    """A phone without JavaScript: follows links, fills in forms, keeps cookies."""

    def __init__(self) -> None:
        self.http = httpx.AsyncClient(follow_redirects=True, timeout=20)

    async def get(self, url: str) -> httpx.Response:
        return await self.http.get(url)

    async def press(self, page: httpx.Response) -> httpx.Response:
        """The page's own form, as it is."""
        return await self.http.post(action(page), data=fields(page.text))

    async def pay(self, page: httpx.Response, number: str = "4242424242424242", **typed: str) -> httpx.Response:
        """Type a card into Conekta's page."""
        card = {"number": number, "name": "Rosa Martinez", "month": "12", "year": "40", "cvc": "123", **typed}
        return await self.http.post(str(page.url), data=card)

    async def answer(self, page: httpx.Response, answer: str) -> httpx.Response:
        """Tell the bank yes or no."""
        return await self.http.post(str(page.url), data={"answer": answer})


def fields(html: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    inputs = lxml.html.fromstring(html).xpath("//form//input[@type='hidden']")
    return {i.get("name"): i.get("value") for i in inputs}


def action(page: httpx.Response) -> str:
    """Where a page's form goes."""
    (form,) = lxml.html.fromstring(page.text).xpath("//form")
    return str(page.url.join(form.get("action") or str(page.url)))
