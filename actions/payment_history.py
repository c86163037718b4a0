"""Payments made and pending: as a list, a file, a receipt or a voucher."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from actions.base import Conversation, MariaAction
from actions.invoice import is_wanted, offer, say_invoice
from actions.labels import of, where
from services.aquasis.model import Bill, BillState
from services.billing.periods import span
from services.payments.model import CashReference, PaymentOrder, State, pesos
from services.payments.sheets import sheet

SHOWN, KEPT, MOST_OFFERS = 6, 200, 3
PDF, PLAIN = "application/pdf", "text/plain"  # WhatsApp takes no text/csv; the name ends in .csv all the same
Span = tuple[date, date] | None


def money(talk: Conversation, centavos: int) -> str:
    """As a citizen reads it."""
    return talk.services.formats.money(pesos(centavos))


def paid_day(talk: Conversation, order: PaymentOrder) -> date:
    """The citizen's own calendar day."""
    return talk.services.clock.local(order.paid_at or order.created_at).date()


class TellPaymentHistory(MariaAction):
    """Level 2: payments made here and bills collected, newest first, and what can still be paid."""

    action_name = "action_payment_history"

    async def act(self, talk: Conversation) -> None:
        """What was tapped or asked for decides the form."""
        contract = str(talk.contract)
        await talk.services.identity.require(talk.contact, contract, "payment_history")
        orders = await talk.services.payments.history(contract, KEPT)
        within = span(talk.details.get("period"), talk.services.clock.today())
        paid = [o for o in orders if o.state is State.PAID and _falls(paid_day(talk, o), within)]
        choice = talk.details.get("choice")
        if choice == "voucher":
            await self._voucher(talk, contract)
        elif choice == "receipt":
            await self._receipt(talk, contract, paid)
        elif choice == "page":
            self._page(talk)
        elif choice == "file":
            await self._file(talk, contract, paid, within)
        elif is_wanted(choice):
            if not await say_invoice(talk, contract, lambda order: _falls(paid_day(talk, order), within)):
                talk.say("utter_invoice_none", of=await of(talk, contract))
        else:
            await self._list(talk, contract, paid, within)

    async def _list(self, talk: Conversation, contract: str, paid: list[PaymentOrder], within: Span) -> None:
        its, since = await of(talk, contract), _since(talk, within)
        bills = await _collected(talk, contract, paid, within)
        lines = [_paid_line(talk, o) for o in paid][:SHOWN]
        lines += [_bill_line(talk, bill) for bill in bills][: SHOWN - len(lines)]
        pending = await talk.services.payments.pending(contract)
        if pending:
            lines_open = "\n".join(_open_line(talk, o) for o in pending)
            talk.say("utter_payment_history_open", where=await where(talk, contract), lines=lines_open)
        if not lines:
            talk.say("utter_payment_history_none", of=its, since=since)
            return
        talk.say(
            "utter_payment_history",
            of=its,
            since=since,
            lines="\n".join(lines),
            options=_offers(talk, paid, pending),
        )

    @staticmethod
    def _page(talk: Conversation) -> None:
        """This chat's own payments, of all its contracts, with filters and file; only to be read."""
        url = talk.services.payment_links.page(talk.contact)
        button = {"kind": "link", "title": talk.services.texts.get("payments_page_button"), "url": url}
        talk.say("utter_payments_page", custom=button, minutes=talk.services.settings.payments_page_minutes)

    async def _file(self, talk: Conversation, contract: str, paid: list[PaymentOrder], within: Span) -> None:
        bills = await _collected(talk, contract, paid, within)
        if not paid and not bills:
            talk.say("utter_payment_history_none", of=await of(talk, contract), since=_since(talk, within))
            return
        name = f"pagos-{contract}.csv"
        media = await talk.services.media.put(_csv(talk, paid, bills), PLAIN, name, talk.contact)
        talk.say("utter_payments_file", document=media, of=await of(talk, contract))

    @staticmethod
    async def _receipt(talk: Conversation, contract: str, paid: list[PaymentOrder]) -> None:
        """Of the newest payment that was made here."""
        if not paid:
            talk.say("utter_receipt_none", where=await where(talk, contract))
            return
        order, paper = paid[0], talk.services.paper
        pdf = await asyncio.to_thread(paper.pdf, order)
        media = await talk.services.media.put(pdf, PDF, paper.filename(order), talk.contact)
        when = talk.services.formats.on_day(paid_day(talk, order))
        facts: dict[str, Any] = {"amount": money(talk, order.counted_centavos), "confirmation": order.confirmation}
        talk.say("utter_payment_receipt", document=media, when=when, options=offer(talk, order), **facts)

    @staticmethod
    async def _voucher(talk: Conversation, contract: str) -> None:
        """The live till reference as a PDF; only one's own."""
        mine = [o for o in await talk.services.payments.pending(contract) if o.contact_id == talk.contact]
        live = [await talk.services.payments.reference(o.id) for o in mine]
        cash = next((r for r in live if isinstance(r, CashReference)), None)
        if cash is None:
            talk.say("utter_voucher_none", where=await where(talk, contract))
            return
        pdf = await asyncio.to_thread(talk.services.vouchers.pdf, cash)
        media = await talk.services.media.put(pdf, PDF, "referencia-de-pago.pdf", talk.contact)
        until = talk.services.formats.day(talk.services.clock.local(cash.expires_at).date())
        talk.say("utter_voucher", document=media, amount=money(talk, cash.amount_centavos), until=until)


async def _collected(talk: Conversation, contract: str, paid: list[PaymentOrder], within: Span) -> list[Bill]:
    """Bills paid elsewhere; those paid here are known by their payment, with its day and number."""
    here = {share.number for order in paid for share in order.bills}
    bills = await talk.services.aquasis.bills(contract)
    settled = [b for b in bills if b.state is BillState.PAID and b.number not in here]
    return [b for b in settled if _falls(b.paid_on or b.month, within)]


def _falls(day: date, within: Span) -> bool:
    return within is None or within[0] <= day <= within[1]


def _since(talk: Conversation, within: Span) -> str:
    if within is None:
        return ""
    first, last = (talk.services.formats.day_of_year(day) for day in within)
    return talk.services.texts.get("payments_since", first=first, last=last)


def _paid_line(talk: Conversation, order: PaymentOrder) -> str:
    texts, formats = talk.services.texts, talk.services.formats
    return texts.get(
        "payment_done_line",
        day=formats.day_of_year(paid_day(talk, order)),
        amount=money(talk, order.counted_centavos),
        method=texts.table("payment_methods")[order.method.value],
        confirmation=order.confirmation,
    )


def _bill_line(talk: Conversation, bill: Bill) -> str:
    formats = talk.services.formats
    return talk.services.texts.get("bill_paid_line", month=formats.month(bill.month), amount=formats.money(bill.amount))


def _open_line(talk: Conversation, order: PaymentOrder) -> str:
    texts, clock = talk.services.texts, talk.services.clock
    return texts.get(
        "payment_open_line",
        amount=money(talk, order.amount_centavos),
        method=texts.table("payment_methods")[order.method.value],
        until=talk.services.formats.day(clock.local(order.expires_at).date()),
        left=talk.services.formats.time_left(order.expires_at),
    )


def _offers(talk: Conversation, paid: list[PaymentOrder], pending: list[PaymentOrder]) -> list[dict[str, str]]:
    titles = talk.services.texts.table("payment_offers")
    own = any(order.contact_id == talk.contact for order in (*paid, *pending))
    wanted = ["file", *(["receipt"] if paid else []), *(["voucher"] if pending else [])]
    if own:  # the page has the file too
        wanted = [*wanted[1 if len(wanted) == MOST_OFFERS else 0 :], "page"]
    return [{"title": titles[name], "payload": f'/payment_history{{"choice": "{name}"}}'} for name in wanted]


def _csv(talk: Conversation, paid: list[PaymentOrder], bills: list[Bill]) -> bytes:
    """What was paid here, then what was paid elsewhere."""
    texts = talk.services.texts
    methods, done = texts.table("payment_methods"), texts.table("payment_states")["paid"]
    rows = [list(texts.table("payments_file_columns").values())]
    for order in paid:
        day, amount = paid_day(talk, order).isoformat(), f"{pesos(order.counted_centavos):.2f}"
        rows.append([day, amount, methods[order.method.value], done, order.confirmation, order.reference or ""])
    for bill in bills:
        rows.append([(bill.paid_on or bill.month).isoformat(), f"{bill.amount:.2f}", "", done, "", bill.number])
    return sheet(rows)
