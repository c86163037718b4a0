"""`/pagar/{link}`: what is to be paid, on to Conekta's page, and what came of it. No card data passes here."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from portal_lite.facts import summary
from portal_lite.gate import Gate
from portal_lite.shell import Shell
from services.errors import Unavailable
from services.knowledge.formats import Formats
from services.limits.windows import OverLimit
from services.links.card import CardLink, CardLinks, LinkInvalid
from services.metrics import CARD_OPENINGS
from services.payments.cards import Cards, CardView, Stage

log = structlog.get_logger(__name__)
STATUS = {Stage.OVER: 410, Stage.USED_UP: 409, Stage.OTHERWISE: 409}
WAYS = {
    Stage.OVER: ("card",),
    Stage.USED_UP: ("cash", "spei"),
    Stage.REVIEW: ("person",),
    Stage.RETURNED: ("person",),
}
PAYABLE = (Stage.READY, Stage.DECLINED, Stage.WAITING)
REFRESHES = 20  # without JavaScript the page reloads itself so often, then it waits to be asked


class CardPages:
    """The pages of one card payment."""

    def __init__(
        self, shell: Shell, links: CardLinks, cards: Cards, gate: Gate, formats: Formats, origins: frozenset[str]
    ) -> None:
        self._shell, self._links, self._cards = shell, links, cards
        self._gate, self._formats, self._origins = gate, formats, origins
        self.router = APIRouter()
        self.router.add_api_route("/pagar/{token}", self.pay_page, methods=["GET"])
        self.router.add_api_route("/pagar/{token}", self.pay, methods=["POST"])
        self.router.add_api_route("/pagar/{token}/resultado", self.result, methods=["GET"])
        self.router.add_api_route("/pagar/{token}/estado", self.state, methods=["GET"])

    async def pay_page(self, token: str, request: Request) -> Response:
        """The amount and the button; what is done already, or over, is said instead."""
        if response := self._shell.letters(request):
            return response
        found = await self._find(token)
        if found is None:
            return self._shell.notice(request, "invalid", 404, ways=("card",))
        link, view = found
        if view.stage in (Stage.READY, Stage.WAITING) and not self._links.is_over(link):
            return self._with_form(request, "pay.html", link, view)
        return self._told(request, token, link, view)

    async def pay(self, token: str, request: Request, csrf: Annotated[str, Form(max_length=200)] = "") -> Response:
        """Count, look once more, and send the citizen on to Conekta."""
        try:
            link = self._links.read(token)
        except LinkInvalid:
            return self._shell.notice(request, "invalid", 404, ways=("card",))
        if not self._shell.csrf.holds(request, csrf, link.subject):
            return self._shell.notice(request, "again", 403, ways=(), back=request.url.path)
        try:
            return await self._opened(token, request)
        except OverLimit as over:
            CARD_OPENINGS.labels("limited").inc()
            log.warning("card_page_limited", limit=over.facts["limit"])
            return self._shell.notice(request, "limited", 429, ways=("cash", "spei"))
        except Unavailable as error:
            CARD_OPENINGS.labels("down").inc()
            log.warning("card_page_down", error=type(error).__name__)
            return self._shell.notice(request, "down", 503, ways=("cash", "spei"), back=request.url.path)

    async def _opened(self, token: str, request: Request) -> Response:
        found = await self._find(token)
        if found is None:
            return self._shell.notice(request, "invalid", 404, ways=("card",))
        link, view = found
        await self._gate.opening(link.subject, view.payment.contact_id, request)
        fresh = await self._cards.view(link.subject, ask=True)
        url = fresh.checkout_url if fresh and fresh.stage in PAYABLE else None
        if url is None or self._links.is_over(link):
            return self._shell.redirect(f"/pagar/{token}/resultado")
        if _origin(url) not in self._origins:
            log.error("checkout_at_a_strange_place", payment=link.subject)
            return self._shell.notice(request, "down", 503, ways=("cash", "spei"))
        CARD_OPENINGS.labels("opened").inc()
        return self._shell.redirect(url)

    async def result(self, token: str, request: Request, n: int = 0) -> Response:
        """What came of it. While that is open the page looks again by itself."""
        if response := self._shell.letters(request):
            return response
        found = await self._find(token)
        if found is None:
            return self._shell.notice(request, "invalid", 404, ways=("card",))
        link, view = found
        with suppress(Unavailable):  # then our own books have to do
            if await self._gate.may_look(link.subject, polled=False):
                view = await self._cards.view(link.subject, ask=True) or view
        return self._told(request, token, link, view, refreshed=n)

    async def state(self, token: str) -> Response:
        """`{"stage"}` for the page's script; null when it was asked too soon to know."""
        stage = None
        try:
            link = self._links.read(token)
            if await self._gate.may_look(link.subject, polled=True):
                view = await self._cards.view(link.subject, ask=True)
                stage = view.stage.value if view else None
        except LinkInvalid:
            return JSONResponse({"stage": None}, 404)
        except Unavailable:
            log.info("card_state_unknown")
        response = JSONResponse({"stage": stage})
        self._shell.headers.put_on(response)
        return response

    async def _find(self, token: str) -> tuple[CardLink, CardView] | None:
        """The link and its payment as our books have it; None if either is not ours."""
        try:
            link = self._links.read(token)
        except LinkInvalid:
            return None
        view = await self._cards.view(link.subject, ask=False)
        return (link, view) if view else None

    def _told(self, request: Request, token: str, link: CardLink, view: CardView, refreshed: int = 0) -> Response:
        """The page for a payment's stage."""
        stage = Stage.OVER if view.stage in PAYABLE and self._links.is_over(link) else view.stage
        status = STATUS.get(stage, 200)
        if stage is Stage.DECLINED:
            return self._with_form(request, "declined.html", link, view)
        facts = summary(view.payment, self._formats, self._shell.texts)
        if stage in (Stage.READY, Stage.WAITING):
            again = f"/pagar/{token}/resultado?n={refreshed + 1}" if refreshed < REFRESHES else None
            return self._shell.page(request, "waiting.html", facts=facts, stage=stage.value, token=token, refresh=again)
        if stage is Stage.PAID:
            return self._shell.page(request, "paid.html", facts=facts)
        return self._shell.notice(
            request, stage.value, status, facts=facts, ways=WAYS.get(stage, ()), reason=view.reason
        )

    def _with_form(self, request: Request, template: str, link: CardLink, view: CardView) -> Response:
        """A page with the button that goes on to Conekta."""
        value = self._shell.csrf.value(request)
        response = self._shell.page(
            request,
            template,
            facts=summary(view.payment, self._formats, self._shell.texts),
            action=request.url.path.removesuffix("/resultado"),
            csrf=self._shell.csrf.field(value, link.subject),
            until=self._formats.moment(link.expires_at),
            reason=view.reason,
        )
        self._shell.csrf.keep(response, value)
        return response


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
