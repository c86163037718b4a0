"""The hosted page of an order: a card is typed, the bank answers, and the citizen goes back where the order says.

Plain forms: it works on a phone without JavaScript, as the real one need not, so that María's side is tested so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel

from sandbox.conekta import cards, render
from sandbox.conekta.cards import Card, Ending
from sandbox.conekta.errors import not_found
from sandbox.conekta.orders import Book, Order
from sandbox.world import World

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True, undefined=StrictUndefined
)
FRESH = {"Cache-Control": "no-store"}
FAULTS = {
    "parameter_validation.card.number": "El número de la tarjeta no es correcto.",
    "parameter_validation.card.cvc": "El código de seguridad no es correcto.",
    "parameter_validation.expiration_date.expired": "La fecha de la tarjeta ya pasó o no es correcta.",
    "parameter_validation.card.name": "Escriba nombre y apellido como están en la tarjeta.",
}
GOOD = Card("4242424242424242", "Persona De Prueba", 12, 2040, "123")


class Typed(BaseModel):
    """The form of the page."""

    number: str = ""
    name: str = ""
    month: str = ""
    year: str = ""
    cvc: str = ""

    def card(self) -> Card:
        """As a card; what is no number becomes one that no card has."""
        month, year = (int(v) if v.isdigit() and len(v) <= 4 else 0 for v in (self.month, self.year))
        number = "".join(c for c in self.number if c not in " -")
        return Card(number, self.name.strip(), month, year + 2000 if 0 < year < 100 else year, self.cvc)


class Answer(BaseModel):
    """What the payer tells the bank in a challenge."""

    answer: str


class Checkout:
    """The pages of every order's checkout."""

    def __init__(self, book: Book, world: World, base: str, route_class: type[APIRoute]) -> None:
        self._book, self._world, self._base = book, world, base
        self.router = APIRouter(route_class=route_class)
        add = self.router.add_api_route
        add("/conekta/checkout/{slug}", self.page, methods=["GET"])
        add("/conekta/checkout/{slug}", self.pay, methods=["POST"])
        add("/conekta/3ds/{challenge}", self.challenge_page, methods=["GET"])
        add("/conekta/3ds/{challenge}", self.answer, methods=["POST"])
        add("/control/conekta/checkout/{slug}", self.look, methods=["GET"])
        add("/control/conekta/checkout/{slug}/pay", self.pay_at_once, methods=["POST"])

    async def page(self, slug: str) -> Response:
        """The form, or why there is none any more."""
        return self._page(self._order(slug), None, None)

    async def pay(self, slug: str, typed: Annotated[Typed, Form()]) -> Response:
        """Judge the card, let the bank answer, and lead on."""
        order, card = self._order(slug), typed.card()
        await self._world.faults.delay("conekta", "checkout.pay")
        if order.closed:
            return self._page(order, None, None)
        now = self._world.clock.now()
        if code := cards.fault(card, now.year, now.month):
            return self._page(order, code, FAULTS[code], 422)
        ending, refusal = cards.ending(card)
        if ending is Ending.CHALLENGE:
            return RedirectResponse(f"/conekta/3ds/{self._book.challenge(order, card)}", 303)
        if refusal is not None:
            return self._refused(order, card, refusal)
        self._book.pay_card(order, card)
        return self._back(order, "success_url")

    async def challenge_page(self, challenge: str) -> Response:
        """The bank's own page."""
        order = self._book.challenged(challenge)
        return self._show("three_ds.html", 200, order=order, amount=_pesos(order.amount))

    async def answer(self, challenge: str, given: Annotated[Answer, Form()]) -> Response:
        """Yes pays, anything else is a decline."""
        order = self._book.challenged(challenge)
        await self._world.faults.delay("conekta", "3ds")
        card = self._book.end_challenge(order)
        if given.answer != "yes":
            return self._refused(order, card, cards.NOT_AUTHENTICATED)
        self._book.pay_card(order, card)
        return self._back(order, "success_url")

    async def look(self, slug: str) -> dict[str, Any]:
        """The order as JSON, for tests."""
        return render.order(self._order(slug), self._base)

    async def pay_at_once(self, slug: str) -> JSONResponse:
        """A good card, without the page, for tests."""
        order = self._order(slug)
        if order.status != "paid":
            self._book.pay_card(order, GOOD)
        return JSONResponse({"result": "paid", "success_url": (order.checkout or {}).get("success_url")})

    def _refused(self, order: Order, card: Card, refusal: cards.Refusal) -> Response:
        """Another try on the same page, until there have been too many."""
        self._book.refuse_card(order, card, refusal)
        if order.closed:
            return self._back(order, "failure_url")
        return self._page(order, refusal.code, refusal.message, 402)

    def _back(self, order: Order, where: str) -> Response:
        return RedirectResponse((order.checkout or {}).get(where) or f"/conekta/checkout/{order.slug}", 303)

    def _page(self, order: Order, code: str | None, message: str | None, status: int = 200) -> Response:
        return self._show(
            "checkout.html",
            status,
            order=order,
            title=order.asked["line_items"][0]["name"],
            amount=_pesos(order.amount),
            back=(order.checkout or {}).get("success_url" if order.status == "paid" else "failure_url"),
            code=code,
            message=message,
            known=cards.KNOWN,
        )

    @staticmethod
    def _show(name: str, status: int, **facts: Any) -> Response:
        return HTMLResponse(PAGES.get_template(name).render(**facts), status, headers=FRESH)

    def _order(self, slug: str) -> Order:
        order = self._book.get(f"ord_{slug}")
        if not order.checkout:
            raise not_found("Checkout", slug)
        return order


def _pesos(centavos: int) -> str:
    return f"${centavos / 100:,.2f}"
