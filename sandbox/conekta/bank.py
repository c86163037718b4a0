"""The other side of a payment: a till, a bank's transfer form, and their control endpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from sandbox.conekta import barcodes, render
from sandbox.conekta.orders import Book, Charge, Order

PAGES = Path(__file__).parent / "pages"
SHOWN = 60
FRESH = {"Cache-Control": "no-store"}


class Payment(BaseModel):
    """Money handed over. `force` lets a late or wrong payment through, as a network sometimes does."""

    reference: str | None = None
    clabe: str | None = None
    amount_centavos: int | None = Field(default=None, gt=0)
    force: bool = False


class Network(BaseModel):
    """Which cash network the merchant has: it decides how a reference looks (payments.md 4)."""

    network: str = Field(pattern="^(oxxo|cash_in)$")


def pay(book: Book, payment: Payment) -> dict[str, Any]:
    """Hand money over. A till takes the exact amount; a SPEI of another amount comes back to the payer."""
    key = "".join((payment.reference or payment.clabe or "").split())
    order, charge = book.by_reference(key)
    amount = payment.amount_centavos or charge.amount
    exact = amount == charge.amount and charge.status == "pending_payment"
    if not exact and not (payment.force and charge.status != "paid"):
        return {"result": "returned", "reason": _why(charge, amount), "order": order.id}
    book.settle(order, charge, amount)
    return {"result": "paid", "order": order.id, "tracking_code": charge.tracking_code}


def _why(charge: Charge, amount: int) -> str:
    return "amount" if charge.status == "pending_payment" and amount != charge.amount else charge.status


def _row(order: Order, charge: Charge) -> dict[str, Any]:
    return {
        "order": order.id,
        "title": order.asked["line_items"][0]["name"],
        "kind": charge.kind,
        "reference": charge.reference,
        "amount": charge.amount,
        "status": charge.status,
        "created_at": order.created,
        "expires_at": charge.expires_at,
    }


def build(book: Book, base: str, route_class: type[APIRoute]) -> APIRouter:
    """Pages and control."""
    router = APIRouter(route_class=route_class)
    _add_control(router, book, base)

    @router.get("/conekta/banco")
    async def bank_page() -> FileResponse:
        return FileResponse(PAGES / "banco.html", headers=FRESH)

    @router.get("/conekta/barcodes/{reference}.png")
    async def barcode(reference: str) -> Response:
        book.by_reference(reference)
        return Response(barcodes.png(reference), media_type="image/png")

    return router


def _add_control(router: APIRouter, book: Book, base: str) -> None:
    @router.post("/control/conekta/pay")
    async def control_pay(payment: Payment) -> dict[str, Any]:
        return pay(book, payment)

    @router.post("/control/conekta/network")
    async def control_network(choice: Network) -> Network:
        book.network = choice.network
        return choice

    @router.get("/control/conekta/charges")
    async def charges() -> list[dict[str, Any]]:
        return [_row(order, charge) for order in book.newest_first()[:SHOWN] for charge in order.charges]

    @router.get("/control/conekta/orders")
    async def orders() -> list[dict[str, Any]]:
        return [render.order(order, base) for order in book.newest_first()]
