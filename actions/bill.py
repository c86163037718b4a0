"""The bill as a document, with its facts in the text; a picture where the phone opens no PDF."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from actions.base import Conversation, MariaAction
from actions.contract import ALL
from actions.invoice import is_wanted, offer_for_bill, say_invoice
from actions.labels import linked
from services.aquasis.errors import AquasisRefused
from services.aquasis.model import Bill, BillState
from services.billing.periods import span
from services.payments.model import PaymentOrder
from services.reading.pdf import first_page

PDF, PNG = "application/pdf", "image/png"


class SendBill(MariaAction):
    """Level 2: the last one, a month's, or up to six. Who wants the invoice of a payment made here gets to that."""

    action_name = "action_bill"

    async def act(self, talk: Conversation) -> None:
        """Newest first, one message a bill; the last of them carries the buttons."""
        wanted = [c.contract for c in await linked(talk)] if talk.contract == ALL else [str(talk.contract)]
        for contract in wanted:
            await self._of(talk, contract, with_buttons=contract == wanted[-1])

    async def _of(self, talk: Conversation, contract: str, *, with_buttons: bool) -> None:
        await talk.services.identity.require(talk.contact, contract, "bill_request")
        if is_wanted(talk.details.get("choice")) and await self._invoice(talk, contract):
            return
        bills = await talk.services.billing.find_bills(contract, talk.details.get("period"))
        files = await asyncio.gather(*(self._file(talk, contract, bill) for bill in bills))
        as_picture = talk.entities.get("choice") == "picture"
        for bill, (name, content) in zip(bills, files, strict=True):
            is_last = with_buttons and bill is bills[-1]
            options = await offer_for_bill(talk, contract, bill.number) if is_last else []
            await self._send(talk, bill, name, content, as_picture, is_last, options)

    @staticmethod
    async def _invoice(talk: Conversation, contract: str) -> bool:
        """Of the payment in that time; a month named is the bill's as well as the payment's."""
        within = span(talk.details.get("period"), talk.services.clock.today())

        def falls(order: PaymentOrder) -> bool:
            days = [date.fromisoformat(f"{share.month}-01") for share in order.bills if share.month]
            days.append(talk.services.clock.local(order.paid_at).date())
            return within is None or any(within[0] <= day <= within[1] for day in days)

        return await say_invoice(talk, contract, falls)

    @staticmethod
    async def _file(talk: Conversation, contract: str, bill: Bill) -> tuple[str, bytes]:
        which = f"{contract}-" if talk.contract == ALL else ""
        return f"recibo-{which}{bill.month:%Y-%m}.pdf", await talk.services.billing.pdf(contract, bill)

    @staticmethod
    async def _send(
        talk: Conversation,
        bill: Bill,
        name: str,
        content: bytes,
        as_picture: bool,
        is_last: bool,
        options: list[dict[str, str]],
    ) -> None:
        formats = talk.services.formats
        facts: dict[str, Any] = {
            "month": formats.month(bill.month),
            "amount": formats.money(bill.amount),
        }
        key = "utter_bill_paid" if bill.state is BillState.PAID or bill.due is None else "utter_bill_open"
        if bill.state is BillState.OVERDUE:
            key = "utter_bill_overdue"
        facts["due"] = formats.day(bill.due) if bill.due else ""
        if not is_last:
            key += "_short"
        if as_picture:
            picture = await asyncio.to_thread(first_page, content)
            if picture is None:
                raise AquasisRefused("no page", response="utter_bill_not_readable")
            media = await talk.services.media.put(picture, PNG, name.replace(".pdf", ".png"), talk.contact)
            talk.say(key, image=media, options=options, **facts)
            return
        media = await talk.services.media.put(content, PDF, name, talk.contact)
        talk.say(key, document=media, options=options, **facts)
