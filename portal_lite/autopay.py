"""`/automatico/{link}`: saved cards and auto-pay. A card is typed in Conekta's own frame; here only a token passes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request, Response

from portal_lite.gate import Gate
from portal_lite.shell import Shell
from services.autopay.errors import CardRefused, TooManyCards
from services.autopay.model import Card, Plan
from services.autopay.service import Autopay
from services.errors import ServiceError
from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.limits.windows import OverLimit
from services.links.pages import AutopayLinks
from services.settings import Settings

log = structlog.get_logger(__name__)
DONE = ("card_saved", "card_refused", "too_many_cards", "trouble", "card_chosen", "card_removed", "stopped")
Given = Annotated[str, Form(max_length=200)]
Deed = Callable[[str], Awaitable[str]]


@dataclass(frozen=True)
class CardShown:
    """A card in words."""

    id: str
    name: str
    until: str
    is_default: bool


@dataclass(frozen=True)
class PlanShown:
    """One contract that is paid by itself, in words."""

    id: str
    contract: str
    cap: str
    coming: str | None


class AutopayPages:
    """One page that shows everything, and four forms that come back to it."""

    def __init__(
        self,
        shell: Shell,
        links: AutopayLinks,
        autopay: Autopay,
        gate: Gate,
        formats: Formats,
        settings: Settings,
        ring: Callable[[], Awaitable[None]],
    ) -> None:
        self._shell, self._links, self._autopay = shell, links, autopay
        self._gate, self._formats, self._settings, self._ring = gate, formats, settings, ring
        self.router = APIRouter()
        self.router.add_api_route("/automatico/{token}", self.page, methods=["GET"])
        for path, handle in (
            ("tarjeta", self.add),
            ("usar", self.choose),
            ("borrar", self.remove),
            ("quitar", self.stop),
        ):
            self.router.add_api_route(f"/automatico/{{token}}/{path}", handle, methods=["POST"])

    async def page(self, token: str, request: Request, listo: str = "") -> Response:
        """Cards and contracts; `listo` says what was just done."""
        if response := self._shell.letters(request):
            return response
        link = self._links.live(token)
        if link is None:
            return self._shell.notice(request, "autopay_over", 410, ways=("autopay",))
        cards = await self._autopay.cards(link.subject)
        plans = await self._autopay.plans(link.subject)
        value = self._shell.csrf.value(request)
        response = self._shell.page(
            request,
            "autopay.html",
            cards=[self._card(card) for card in cards],
            plans=[self._plan(plan) for plan in plans],
            action=f"/automatico/{token}",
            csrf=self._shell.csrf.field(value, link.subject),
            done=listo if listo in DONE else None,
            script=self._settings.conekta_script_url,
            key=self._settings.conekta_public_key,
        )
        self._shell.headers.allow_component(response)
        self._shell.csrf.keep(response, value)
        return response

    async def add(self, token: str, request: Request, csrf: Given = "", card_token: Given = "") -> Response:
        """Save the card behind Conekta's token."""
        return await self._do(token, request, csrf, lambda contact: self._add(contact, card_token, request))

    async def choose(self, token: str, request: Request, csrf: Given = "", card: Given = "") -> Response:
        """This card from now on."""

        async def deed(contact: str) -> str:
            return "card_chosen" if await self._autopay.choose_card(contact, card) else "trouble"

        return await self._do(token, request, csrf, deed)

    async def remove(self, token: str, request: Request, csrf: Given = "", card: Given = "") -> Response:
        """Forget a card; with the last one auto-pay ends."""

        async def deed(contact: str) -> str:
            return "card_removed" if await self._autopay.remove_card(contact, card) else "trouble"

        return await self._do(token, request, csrf, deed)

    async def stop(self, token: str, request: Request, csrf: Given = "", plan: Given = "") -> Response:
        """End auto-pay of one contract."""

        async def deed(contact: str) -> str:
            contract = next((p.contract for p in await self._autopay.plans(contact) if p.id == plan), None)
            if contract is not None:  # otherwise it has been ended already, perhaps by the same press
                await self._autopay.stop(contact, contract, "portal")
            return "stopped"

        return await self._do(token, request, csrf, deed)

    async def _do(self, token: str, request: Request, csrf: str, deed: Deed) -> Response:
        """Only through our own form, while the link lives."""
        link = self._links.live(token)
        if link is None:
            return self._shell.notice(request, "autopay_over", 410, ways=("autopay",))
        home = f"/automatico/{token}"
        if not self._shell.csrf.holds(request, csrf, link.subject):
            return self._shell.notice(request, "again", 403, ways=(), back=home)
        try:
            done = await deed(link.subject)
        except OverLimit:
            return self._shell.notice(request, "limited", 429, ways=("cash", "spei"))
        except ServiceError as error:
            log.warning("autopay_page_failed", error=type(error).__name__)
            done = "trouble"
        return self._shell.redirect(f"{home}?listo={done}")

    async def _add(self, contact: str, card_token: str, request: Request) -> str:
        await self._gate.saving(contact, request)
        try:
            await self._autopay.add_card(contact, card_token)
        except CardRefused:
            return "card_refused"
        except TooManyCards:
            return "too_many_cards"
        await self._ring()
        return "card_saved"

    def _card(self, card: Card) -> CardShown:
        until = f"{card.exp_month:02d}/{card.exp_year % 100:02d}"
        return CardShown(card.id, self._autopay.words.card(card), until, card.is_default)

    def _plan(self, plan: Plan) -> PlanShown:
        texts = self._shell.texts
        cap = texts.get("autopay_no_cap")
        if plan.cap_centavos is not None:
            cap = texts.get("autopay_cap", cap=self._formats.money(Decimal(plan.cap_centavos) / 100))
        coming = None
        if plan.next_run:
            amount = self._formats.money(Decimal(plan.next_run.amount_centavos) / 100)
            coming = texts.get("autopay_coming", amount=amount, day=self._formats.day(plan.next_run.due))
        contract = texts.get("contract_ending", ending=mask_contract(plan.contract))
        return PlanShown(plan.id, contract, cap, coming)
