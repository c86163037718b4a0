"""Conekta's API over httpx, behind a circuit breaker (payments.md 1 and 9)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx

from services.breaker import Breaker
from services.payments.conekta import mapping
from services.payments.conekta.errors import broken_line, refusal, refused_order
from services.payments.errors import PaymentsUnavailable, PaymentUnknown
from services.payments.gateway import GatewayOrder, NewOrder

ACCEPT = "application/vnd.conekta-v2.3.0+json"
TIMEOUT_SECONDS = 20.0
PAGE, PAGES, MANY_PAGES = 250, 4, 40
SKEW = timedelta(minutes=10)


class ConektaClient:
    """Implements `services.payments.gateway.Gateway`."""

    def __init__(
        self, http: httpx.AsyncClient, url: str, private_key: str, *, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._timeout = timeout_seconds
        self._breaker = Breaker()
        self._headers = {"Authorization": f"Bearer {private_key}", "Accept": ACCEPT, "Accept-Language": "es"}

    async def create_order(self, asked: NewOrder) -> GatewayOrder:
        """`POST /orders`, once; there is no idempotency header (payments.md 0). A 402 brings its order along."""
        return _order(await self.call("POST", "/orders", json=mapping.order_body(asked)), PaymentUnknown)

    async def order(self, order_id: str) -> GatewayOrder:
        """`GET /orders/{id}`."""
        return _order(await self.call("GET", f"/orders/{order_id}"), PaymentsUnavailable)

    async def find(self, our_id: str, since: datetime) -> list[GatewayOrder]:
        """By `search`, and by reading through what was made since, for what `search` covers is undocumented."""
        found = [o async for o in self._listed({"search": our_id}) if o.our_id == our_id]
        if not found:
            window = {"created_at.gte": str(int((since - SKEW).timestamp()))}
            found = [o async for o in self._listed(window) if o.our_id == our_id]
        return sorted(found, key=lambda o: o.created_at)

    async def changed(self, since: datetime) -> list[GatewayOrder]:
        """By `updated_at.gte`, up to ten thousand."""
        window = {"updated_at.gte": str(int((since - SKEW).timestamp()))}
        return [found async for found in self._listed(window, MANY_PAGES)]

    async def cancel(self, order_id: str) -> GatewayOrder:
        """`POST /orders/{id}/cancel`."""
        return _order(await self.call("POST", f"/orders/{order_id}/cancel"), PaymentUnknown)

    async def webhook_keys(self) -> list[str]:
        """`GET /webhook_keys`."""
        body = await self.call("GET", "/webhook_keys")
        return [key["public_key"] for key in body.get("data", []) if key.get("active") and key.get("public_key")]

    async def _listed(self, query: dict[str, str], pages: int = PAGES) -> AsyncIterator[GatewayOrder]:
        """Page by page."""
        after: dict[str, str] = {}
        for _ in range(pages):
            body = await self.call("GET", "/orders", params={**query, "limit": str(PAGE), **after})
            orders = [_order(row, PaymentsUnavailable) for row in body.get("data", [])]
            for found in orders:
                yield found
            if not body.get("has_more") or not orders:
                return
            after = {"next": orders[-1].id}

    async def call(self, verb: str, path: str, **more: Any) -> dict[str, Any]:
        """One request behind the breaker; the answer's JSON object."""
        return await self._breaker.call(
            lambda: self._once(verb, path, more),
            counts=(PaymentsUnavailable, PaymentUnknown),
            refuse=PaymentsUnavailable("circuit open"),
        )

    async def _once(self, verb: str, path: str, more: dict[str, Any]) -> dict[str, Any]:
        is_write = verb != "GET"
        try:
            answer = await self._http.request(
                verb, self._url + path, headers=self._headers, timeout=self._timeout, **more
            )
        except httpx.HTTPError as error:
            raise broken_line(error, is_write=is_write) from error
        if not answer.is_success:
            if refused := refused_order(answer):
                return refused
            raise refusal(answer, is_write=is_write)
        try:
            return dict(answer.json())
        except (ValueError, TypeError) as error:
            raise (PaymentUnknown if is_write else PaymentsUnavailable)("not JSON") from error


def _order(body: dict[str, Any], otherwise: type[PaymentUnknown | PaymentsUnavailable]) -> GatewayOrder:
    try:
        return mapping.order(body)
    except (KeyError, TypeError, ValueError) as error:
        raise otherwise("not an order") from error
