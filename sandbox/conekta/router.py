"""`/conekta/…`: the API María calls. The bank's side of it is `bank.py`."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from sandbox.conekta import bank, render
from sandbox.conekta.checkout import Checkout
from sandbox.conekta.component import Component
from sandbox.conekta.customers import Customers
from sandbox.conekta.errors import GENERAL_FAILURE, ConektaError, invalid, not_found
from sandbox.conekta.listing import page
from sandbox.conekta.orders import Book, Charge, Order
from sandbox.conekta.webhooks import Deliverer, SigningKey, event
from sandbox.world import World

ACCEPT = "application/vnd.conekta-v2.3.0+json"
LOCAL = ("localhost", "127.0.0.1")


def build(world: World, http: httpx.AsyncClient | None = None) -> APIRouter:
    """The router; tests pass the `http` that webhooks leave by."""
    return Conekta(world, http).router


class Envelope(APIRoute):
    """Turns a refusal into Conekta's error body."""

    def get_route_handler(self) -> Any:
        """Wrap FastAPI's own handler."""
        handle = super().get_route_handler()

        async def wrapped(request: Request) -> Response:
            try:
                return await handle(request)
            except ConektaError as error:
                return JSONResponse(error.body(), error.status)

        return wrapped


class Conekta:
    """One merchant's Conekta."""

    def __init__(self, world: World, http: httpx.AsyncClient | None = None) -> None:
        self.world = world
        self.base = os.environ.get("SANDBOX_URL", f"http://127.0.0.1:{os.environ.get('SANDBOX_PORT', '8100')}")
        self.secret = os.environ.get("CONEKTA_PRIVATE_KEY", "key_sandbox")
        self.key = SigningKey()
        self.deliver = Deliverer(world, self.key, http)
        self.book = Book(world, self.notify)
        self.router = APIRouter(lifespan=self._watch_the_clock)
        api = APIRouter(prefix="/conekta", route_class=Envelope)
        api.add_api_route("/orders", self.create_order, methods=["POST"])
        api.add_api_route("/orders", self.list_orders, methods=["GET"])
        api.add_api_route("/orders/{order_id}", self.get_order, methods=["GET"])
        api.add_api_route("/orders/{order_id}/cancel", self.cancel_order, methods=["POST"])
        api.add_api_route("/webhooks", self.list_webhooks, methods=["GET"])
        api.add_api_route("/webhooks", self.create_webhook, methods=["POST"])
        api.add_api_route("/webhooks/{webhook_id}/test", self.ping, methods=["POST"])
        api.add_api_route("/webhook_keys", self.list_keys, methods=["GET"])
        api.add_api_route("/webhook_keys", self.create_key, methods=["POST"])
        Customers(self.book, world, self.admit).add_to(api)
        self.router.include_router(api)
        self.router.include_router(Component(self.book, world, self.base, Envelope).router)
        self.router.include_router(bank.build(self.book, self.base, Envelope))
        self.router.include_router(Checkout(self.book, world, self.base, Envelope).router)

    @contextlib.asynccontextmanager
    async def _watch_the_clock(self, app: FastAPI) -> AsyncIterator[None]:
        """Expiry must be told by webhook even when nobody asks."""

        async def tick() -> None:
            while True:
                await asyncio.sleep(0.5)
                self.book.expire_due()

        task = asyncio.create_task(tick())
        yield
        task.cancel()

    def notify(self, kind: str, order: Order, charge: Charge | None) -> None:
        """Tell María by webhook."""
        body = render.charge(order, charge, self.base) if charge else render.order(order, self.base)
        self.deliver.post(event(kind, body, self.book.now()))

    async def create_order(self, request: Request) -> JSONResponse:
        """The order is made first; latency, time-outs and lost answers come after that, as the nasty ones do."""
        body = await self.admit(request, "orders.create")
        order = self.book.create(body)
        await self.world.faults.delay("conekta", "orders.create")
        if self.world.faults.hit("conekta", "drop", "orders.create"):
            raise ConektaError(500, GENERAL_FAILURE, "There was a runtime error")
        self._raise_if_refused(order)
        return JSONResponse(render.order(order, self.base))

    def _raise_if_refused(self, order: Order) -> None:
        """A saved card that was refused: 402, with the order but without its `payment_status` (payments.md 9)."""
        refused = next((charge for charge in order.charges if charge.failure), None)
        if refused is not None and refused.failure is not None:
            body = render.order(order, self.base)
            del body["payment_status"]
            raise ConektaError(402, refused.failure.code, refused.failure.message, order=body)

    async def list_orders(self, request: Request) -> JSONResponse:
        """Newest first; `search`, `payment_status`, `created_at[.gte|.lte]`, `limit`, `next`."""
        await self.admit(request, "orders.search")
        await self.world.faults.delay("conekta", "orders.search")
        found, has_more = page(self.book.newest_first(), request.query_params)
        rows = [render.order(order, self.base) for order in found]
        more = f"{self.base}/conekta/orders?next={found[-1].id}" if has_more else None
        return JSONResponse(
            {
                "object": "list",
                "has_more": has_more,
                "data": rows,
                "next_page_url": more,
                "previous_page_url": None,
            }
        )

    async def get_order(self, order_id: str, request: Request) -> JSONResponse:
        """One order as it stands."""
        await self.admit(request, "orders.get")
        await self.world.faults.delay("conekta", "orders.get")
        return JSONResponse(render.order(self.book.get(order_id), self.base))

    async def cancel_order(self, order_id: str, request: Request) -> JSONResponse:
        """Only what is not paid."""
        await self.admit(request, "orders.cancel")
        await self.world.faults.delay("conekta", "orders.cancel")
        return JSONResponse(render.order(self.book.cancel(order_id), self.base))

    async def list_webhooks(self, request: Request) -> JSONResponse:
        """Who is told."""
        await self.admit(request, "webhooks")
        return JSONResponse(render.listed(list(self.deliver.webhooks.values())))

    async def create_webhook(self, request: Request) -> JSONResponse:
        """Local addresses are refused, as by the real one; the sandbox's own delivery to María is always there."""
        body = await self.admit(request, "webhooks")
        url = body.get("url")
        if not isinstance(url, str) or not url.startswith("http") or any(word in url for word in LOCAL):
            raise invalid("url", "is invalid")
        if len(self.deliver.webhooks) >= 10:
            raise invalid("url", "has too many webhooks already")
        return JSONResponse(self.deliver.subscribe(url, body.get("subscribed_events")))

    async def ping(self, webhook_id: str, request: Request) -> JSONResponse:
        """Send a `webhook_ping`."""
        await self.admit(request, "webhooks")
        webhook = self.deliver.webhooks.get(webhook_id)
        if webhook is None:
            raise not_found("Webhook", webhook_id)
        body = event("webhook_ping", {}, self.book.now())
        self.deliver.post_to(webhook["url"], {**body, "data": {"livemode": False, "action": "ping"}})
        return JSONResponse(webhook)

    async def list_keys(self, request: Request) -> JSONResponse:
        """The public keys that deliveries can be checked with."""
        await self.admit(request, "webhook_keys")
        return JSONResponse(render.listed([self._key()]))

    async def create_key(self, request: Request) -> JSONResponse:
        """The sandbox has one key and hands it out."""
        await self.admit(request, "webhook_keys")
        return JSONResponse(self._key())

    def _key(self) -> dict[str, Any]:
        known = {"id": self.key.id, "object": "webhook_key", "active": True, "livemode": False}
        return {**known, "created_at": self.book.now(), "public_key": self.key.public_pem}

    async def admit(self, request: Request, operation: str) -> dict[str, Any]:
        """Fault, key, version and JSON, in this order."""
        if fault := self.world.faults.hit("conekta", "error", operation):
            raise ConektaError(fault.status, GENERAL_FAILURE, "There was a runtime error")
        header = request.headers.get("authorization", "")
        if not header:
            raise ConektaError(401, "authentication.missing_key", "Please include your access key in your request.")
        basic = base64.b64encode(f"{self.secret}:".encode()).decode()
        if header not in (f"Bearer {self.secret}", f"Basic {basic}"):
            raise ConektaError(401, "authentication.invalid_key", "Unrecognized access key.")
        if request.headers.get("accept") != ACCEPT:
            raise ConektaError(409, "conflict.api_version", "The API version in the Accept header is not supported")
        return await self._json(request) if request.method in ("POST", "PUT") else {}

    @staticmethod
    async def _json(request: Request) -> dict[str, Any]:
        raw = await request.body()
        if not raw:
            return {}
        try:
            body = await request.json()
        except ValueError as error:
            raise ConektaError(400, "malformed_request.body", "The body is not valid JSON") from error
        if not isinstance(body, dict):
            raise ConektaError(400, "malformed_request.body", "The body is not an object")
        return body
