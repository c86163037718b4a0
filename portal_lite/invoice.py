"""`/factura/{link}`: the fiscal data of one payment's invoice, with consent. It is made by the worker, not here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from portal_lite.facts import summary
from portal_lite.gate import Gate
from portal_lite.shell import Shell
from services.cfdi import requests
from services.cfdi.fiscal import (
    COMPANY_REGIMES,
    GENERAL,
    PERSON_REGIMES,
    FiscalData,
    looked_at,
    regime_words,
    use_words,
)
from services.cfdi.requests import InvoiceRequest, InvoiceRequests
from services.cfdi.sending import wrong_part
from services.errors import ServiceError
from services.knowledge.formats import Formats
from services.limits.windows import OverLimit
from services.links.pages import InvoiceLinks

log = structlog.get_logger(__name__)
Given = Annotated[str, Form(max_length=300)]
TOLD = {requests.DUE: "invoice_due", requests.AGAIN: "invoice_done", requests.DONE: "invoice_done"}
CONSENT, EMPTY = "consent", FiscalData("", "", "", "", "G03")
KEPT_ENDING = 3  # letters of an RFC that are shown of data kept earlier


class InvoicePages:
    """One form, and where the invoice stands after it."""

    def __init__(self, shell: Shell, links: InvoiceLinks, asked: InvoiceRequests, gate: Gate, formats: Formats) -> None:
        self._shell, self._links, self._asked = shell, links, asked
        self._gate, self._formats = gate, formats
        self.router = APIRouter()
        self.router.add_api_route("/factura/{token}", self.page, methods=["GET"])
        self.router.add_api_route("/factura/{token}", self.give, methods=["POST"])
        self.router.add_api_route("/factura/{token}/guardados", self.use_kept, methods=["POST"])
        self.router.add_api_route("/factura/{token}/borrar", self.forget, methods=["POST"])

    async def page(self, token: str, request: Request, listo: str = "") -> Response:
        """The form, or what has become of it."""
        if response := self._shell.letters(request):
            return response
        found = await self._found(token)
        if found is None:
            return self._over(request)
        if found.state not in requests.OPEN:
            return self._told(request, token, found)
        refused = found.state == requests.REFUSED and found.typed is not None
        wrong = [f"invoice_sat_{wrong_part(found.reason)}"] if refused else []
        return await self._form(request, token, found, found.typed or EMPTY, summary_of=wrong, done=listo == "borrado")

    async def give(
        self,
        token: str,
        request: Request,
        rfc: Given = "",
        name: Given = "",
        postcode: Given = "",
        regime: Given = "",
        use: Given = "",
        consent: Given = "",
        csrf: Given = "",
    ) -> Response:
        """Check what was typed; all that is wrong is shown at once."""
        typed = FiscalData(rfc, name, postcode, regime, use)

        async def deed(found: InvoiceRequest) -> Response:
            data, wrong = looked_at(**asdict(typed))
            wrong += [] if consent == "yes" else [CONSENT]
            if data is None or wrong:
                return await self._form(request, token, found, typed, wrong=wrong)
            await self._asked.submit(found.id, data, self._shell.texts.get("invoice_consent"))
            return self._shell.redirect(f"/factura/{token}")

        return await self._do(token, request, csrf, deed)

    async def use_kept(self, token: str, request: Request, csrf: Given = "") -> Response:
        """The same data as the last time; consent was given with them."""

        async def deed(found: InvoiceRequest) -> Response:
            data = await self._asked.drawer.get(found.contact_id, found.contract)
            if data is not None:
                await self._asked.submit(found.id, data, None)
            return self._shell.redirect(f"/factura/{token}")

        return await self._do(token, request, csrf, deed)

    async def forget(self, token: str, request: Request, csrf: Given = "") -> Response:
        """Delete what is kept."""

        async def deed(found: InvoiceRequest) -> Response:
            await self._asked.forget(found.contact_id)
            return self._shell.redirect(f"/factura/{token}?listo=borrado")

        return await self._do(token, request, csrf, deed)

    async def _do(self, token: str, request: Request, csrf: str, deed: Any) -> Response:
        """Only through our own form, while the link lives, and not for ever."""
        found = await self._found(token)
        if found is None:
            return self._over(request)
        home = f"/factura/{token}"
        if not self._shell.csrf.holds(request, csrf, found.id):
            return self._shell.notice(request, "again", 403, ways=(), again=home)
        if found.state not in requests.OPEN:
            return self._shell.redirect(home)
        try:
            await self._gate.invoicing(found.id, request)
            response: Response = await deed(found)
        except OverLimit:
            return self._shell.notice(request, "invoice_limited", 429, ways=())
        except (ServiceError, SQLAlchemyError) as error:
            log.warning("invoice_page_failed", error=type(error).__name__)
            return self._shell.notice(request, "invoice_down", 503, ways=(), again=home)
        return response

    async def _found(self, token: str) -> InvoiceRequest | None:
        link = self._links.live(token)
        return await self._asked.get(link.subject) if link else None

    def _over(self, request: Request) -> Response:
        return self._shell.notice(request, "invoice_over", 410, ways=("invoice",))

    def _told(self, request: Request, token: str, found: InvoiceRequest) -> Response:
        facts = summary(found.payment, self._formats, self._shell.texts)
        name = TOLD.get(found.state, "invoice_otherwise")
        more: dict[str, Any] = {"again": f"/factura/{token}"} if found.state == requests.DUE else {}
        ways = () if found.state in TOLD else ("person",)
        return self._shell.notice(request, name, 200, facts=facts, ways=ways, **more)

    async def _form(
        self,
        request: Request,
        token: str,
        found: InvoiceRequest,
        typed: FiscalData,
        *,
        wrong: list[str] | None = None,
        summary_of: list[str] | None = None,
        done: bool = False,
    ) -> Response:
        kept = await self._asked.drawer.get(found.contact_id, found.contract)
        offer = kept is not None and not wrong and found.state != requests.REFUSED
        value = self._shell.csrf.value(request)
        response = self._shell.page(
            request,
            "invoice.html",
            422 if wrong else 200,
            facts=summary(found.payment, self._formats, self._shell.texts),
            action=f"/factura/{token}",
            csrf=self._shell.csrf.field(value, found.id),
            typed=typed,
            wrong=wrong or [],
            said=["invoice_wrong_summary"] if wrong else summary_of or [],
            kept=kept.rfc[-KEPT_ENDING:] if kept and offer else None,
            has_kept=kept is not None,
            people=[(code, regime_words(code)) for code in PERSON_REGIMES],
            companies=[(code, regime_words(code)) for code in COMPANY_REGIMES],
            uses=[(code, use_words(code)) for code in GENERAL],
            done=done,
        )
        self._shell.csrf.keep(response, value)
        return response
