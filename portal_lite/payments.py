"""`/pagos/{link}`: what this chat has paid and can still pay, by time span and contract, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from portal_lite.shell import Shell
from services.clock import Clock
from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.links.card import CardLinks
from services.links.pages import AutopayLinks, PaymentLinks
from services.links.signed import Link
from services.payments.model import Method, PaymentOrder, State, pesos
from services.payments.service import Payments
from services.payments.sheets import sheet

MOST = 500
SPANS = {"3": timedelta(days=92), "12": timedelta(days=366), "todo": None}
DEFAULT_SPAN = "12"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class PaymentShown:
    """A payment in words; `reference`, `url` and `left` only while it can be paid with them."""

    amount: str
    method: str
    contract: str
    state: str
    day: str
    folio: str
    reference: str
    label: str = ""
    url: str | None = None
    left: str | None = None


@dataclass(frozen=True)
class Wish:
    """What of it is to be seen."""

    span: str
    ending: str  # of a contract; empty: all of them

    @classmethod
    def read(cls, months: str, ending: str, orders: list[PaymentOrder]) -> Wish:
        """What was asked for, where there is such a thing."""
        return cls(months if months in SPANS else DEFAULT_SPAN, ending if ending in endings(orders) else "")

    def holds(self, order: PaymentOrder, now: datetime) -> bool:
        """Whether it is to be seen."""
        span = SPANS[self.span]
        recent = span is None or (order.paid_at or order.created_at) >= now - span
        return recent and self.ending in ("", mask_contract(order.contract))


def endings(orders: list[PaymentOrder]) -> list[str]:
    """The contracts in it, as they may be shown."""
    return sorted({mask_contract(order.contract) for order in orders})


class PaymentPages:
    """The list and its file. The link is one to just this page, or the one to the saved cards, given after a code."""

    def __init__(
        self,
        shell: Shell,
        links: PaymentLinks,
        cards: AutopayLinks,
        pay: CardLinks,
        payments: Payments,
        formats: Formats,
        clock: Clock,
    ) -> None:
        self._shell, self._links, self._cards, self._pay = shell, links, cards, pay
        self._payments = payments
        self._formats, self._clock = formats, clock
        self.router = APIRouter()
        self.router.add_api_route("/pagos/{token}", self.page, methods=["GET"])
        self.router.add_api_route("/pagos/{token}/pagos.csv", self.file, methods=["GET"])

    async def page(self, token: str, request: Request, meses: str = "", contrato: str = "") -> Response:
        """What can be paid first, then what was paid."""
        if response := self._shell.letters(request):
            return response
        link = self._live(token)
        if link is None:
            return self._shell.notice(request, "payments_over", 410, ways=("payments",))
        orders = await self._payments.history_of_contact(link.subject, MOST)
        wish = Wish.read(meses, contrato, orders)
        found = [order for order in orders if wish.holds(order, self._clock.now())]
        return self._shell.page(
            request,
            "payments.html",
            token=token,
            cards=self._cards.live(token) is not None,
            wish=wish,
            spans=list(SPANS),
            endings=endings(orders),
            pending=[self._shown(o) for o in found if self._is_open(o)],
            others=[self._shown(o) for o in found if not self._is_open(o)],
        )

    async def file(self, token: str, request: Request, meses: str = "todo", contrato: str = "") -> Response:
        """The same as a table that spreadsheets open, marked as UTF-8."""
        link = self._live(token)
        if link is None:
            return self._shell.notice(request, "payments_over", 410, ways=("payments",))
        orders = await self._payments.history_of_contact(link.subject, MOST)
        wish = Wish.read(meses, contrato, orders)
        rows = [self._row(order) for order in orders if wish.holds(order, self._clock.now())]
        columns = self._shell.texts.get("payments_columns").split(";")
        response = Response(sheet([columns, *rows]), media_type=CSV)
        self._shell.headers.put_on(response)
        response.headers["Content-Disposition"] = 'attachment; filename="pagos.csv"'
        return response

    def _live(self, token: str) -> Link | None:
        return self._links.live(token) or self._cards.live(token)

    def _row(self, order: PaymentOrder) -> list[str]:
        shown = self._shown(order)
        day = self._clock.local(order.paid_at or order.created_at).date().isoformat()
        amount = f"{pesos(order.counted_centavos):.2f}"
        return [day, amount, shown.method, shown.contract, shown.state, shown.folio, order.reference or ""]

    def _is_open(self, order: PaymentOrder) -> bool:
        return order.state is State.PENDING and order.expires_at > self._clock.now()

    def _shown(self, order: PaymentOrder) -> PaymentShown:
        texts, is_open = self._shell.texts, self._is_open(order)
        state = State.EXPIRED if order.state is State.PENDING and not is_open else order.state
        reference = order.reference or ""
        return PaymentShown(
            amount=self._formats.money(pesos(order.counted_centavos)),
            method=texts.get(f"method_{order.method.value}"),
            contract=texts.get("contract_ending", ending=mask_contract(order.contract)),
            state=texts.get(f"state_{state.value}"),
            day=self._formats.day_of_year(self._clock.local(order.paid_at or order.created_at).date()),
            folio=order.confirmation if order.state is State.PAID else "",
            reference=self._formats.reference(reference) if is_open else "",
            label=texts.get("payments_clabe") if order.method is Method.SPEI else texts.get("payments_reference"),
            url=self._pay.card(order.id, order.expires_at) if is_open and order.method is Method.CARD else None,
            left=self._formats.time_left(order.expires_at) if is_open else None,
        )
