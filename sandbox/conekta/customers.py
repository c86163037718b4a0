"""`/customers` and their `payment_sources` (payments.md 5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from sandbox.conekta import render
from sandbox.conekta.orders import Book
from sandbox.world import World

Admit = Callable[[Request, str], Awaitable[dict[str, Any]]]


class Customers:
    """The routes; `admit` checks key and version and reads the body."""

    def __init__(self, book: Book, world: World, admit: Admit) -> None:
        self._wallet, self._world, self._admit = book.wallet, world, admit

    def add_to(self, api: APIRouter) -> None:
        """All of them."""
        sources = "/customers/{customer_id}/payment_sources"
        api.add_api_route("/customers", self.create, methods=["POST"])
        api.add_api_route("/customers", self.search, methods=["GET"])
        api.add_api_route("/customers/{customer_id}", self.get, methods=["GET"])
        api.add_api_route(sources, self.save, methods=["POST"])
        api.add_api_route(sources, self.list_sources, methods=["GET"])
        api.add_api_route(f"{sources}/{{source_id}}", self.remove, methods=["DELETE"])

    async def create(self, request: Request) -> JSONResponse:
        """A payer with an id."""
        made = self._wallet.create_customer(await self._admit(request, "customers.create"))
        await self._world.faults.delay("conekta", "customers.create")
        return JSONResponse(made)

    async def search(self, request: Request) -> JSONResponse:
        """`GET /customers?search=…`."""
        await self._admit(request, "customers.search")
        return JSONResponse(render.listed(self._wallet.search(request.query_params.get("search", ""))))

    async def get(self, customer_id: str, request: Request) -> JSONResponse:
        """With the saved cards."""
        await self._admit(request, "customers.get")
        return JSONResponse(self._wallet.customer(customer_id))

    async def save(self, customer_id: str, request: Request) -> JSONResponse:
        """A token becomes a saved card, once."""
        made = self._wallet.save(customer_id, await self._admit(request, "payment_sources.create"))
        await self._world.faults.delay("conekta", "payment_sources.create")
        return JSONResponse(made)

    async def list_sources(self, customer_id: str, request: Request) -> JSONResponse:
        """The saved cards."""
        await self._admit(request, "payment_sources.list")
        self._wallet.customer(customer_id)
        return JSONResponse(self._wallet.listed(customer_id))

    async def remove(self, customer_id: str, source_id: str, request: Request) -> JSONResponse:
        """Forget a card."""
        await self._admit(request, "payment_sources.delete")
        return JSONResponse(self._wallet.remove(customer_id, source_id))
