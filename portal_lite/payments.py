"""`/pagos/{link}`: what this chat has paid and what it can still pay, by time span, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from portal_lite.shell import Shell
from services.clock import Clock
from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.links.pages import AutopayLinks, PaymentLinks
from services.links.signed import Link
from services.payments.model import PaymentOrder, State, pesos
from services.payments.service import Payments
from services.payments.sheets import sheet

MOST = 500
SPANS = {"3": timedelta(days=92), "12": timedelta(days=366), "todo": None}
HOUR, DAY = 3600, 86_400
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class PaymentShown:
    """A payment in words; `left` only while it can be paid."""

    amount: str
    method: str
    contract: str
    state: str
    day: str
    folio: str
    reference: str
    left: str | None = None


class PaymentPages:
    """The list and its file. The link is one to just this page, or the one to the saved cards, given after a code."""

    def __init__(
        self,
        shell: Shell,
        links: PaymentLinks,
        cards: AutopayLinks,
        payments: Payments,
        formats: Formats,
        clock: Clock,
    ) -> None:
        self._shell, self._links, self._cards, self._payments = shell, links, cards, payments
        self._formats, self._clock = formats, clock
        self.router = APIRouter()
        self.router.add_api_route("/pagos/{token}", self.page, methods=["GET"])
        self.router.add_api_route("/pagos/{token}/pagos.csv", self.file, methods=["GET"])

    async def page(self, token: str, request: Request, meses: str = "12") -> Response:
        """What can be paid first, then what was paid."""
        if response := self._shell.letters(request):
            return response
        link = self._live(token)
        if link is None:
            return self._shell.notice(request, "payments_over", 410, ways=("payments",))
        found = await self._found(link, meses)
        return self._shell.page(
            request,
            "payments.html",
            token=token,
            cards=self._cards.live(token) is not None,
            span=meses if meses in SPANS else "12",
            spans=list(SPANS),
            pending=[self._shown(o) for o in found if self._is_open(o)],
            others=[self._shown(o) for o in found if not self._is_open(o)],
        )

    async def file(self, token: str, request: Request, meses: str = "todo") -> Response:
        """The same as a table that spreadsheets open, marked as UTF-8."""
        link = self._live(token)
        if link is None:
            return self._shell.notice(request, "payments_over", 410, ways=("payments",))
        rows = [self._row(order) for order in await self._found(link, meses)]
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

    async def _found(self, link: Link, months: str) -> list[PaymentOrder]:
        orders = await self._payments.history_of_contact(link.subject, MOST)
        span = SPANS.get(months, SPANS["12"])
        since = self._clock.now() - span if span else datetime.min.replace(tzinfo=self._clock.now().tzinfo)
        return [o for o in orders if (o.paid_at or o.created_at) >= since]

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
            left=self._left(order.expires_at) if is_open else None,
        )

    def _left(self, until: datetime) -> str:
        """Whole days, else whole hours."""
        seconds = (until - self._clock.now()).total_seconds()
        if seconds >= 2 * DAY:
            return self._shell.texts.get("left_days", count=int(seconds // DAY))
        return self._shell.texts.get("left_hours", count=max(1, int(seconds // HOUR)))
