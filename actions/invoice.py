"""The invoice (CFDI) of a payment that was made in this chat: the link to give the fiscal data, or where it stands.

Not an errand of its own: asking for an invoice is `bill_request` or `payment_history`, told apart by the words
(`choice: invoice` in bot/nlu/lexicon/choices.yml).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.base import Conversation
from actions.labels import where
from services.cfdi import requests
from services.cfdi.requests import can_be_invoiced
from services.payments.model import PaymentOrder, State, pesos

INVOICE = "invoice"
KEPT = 200
TOLD = {
    requests.DUE: "utter_invoice_underway",
    requests.AGAIN: "utter_invoice_underway",
    requests.OTHERWISE: "utter_invoice_otherwise",
}


def is_wanted(choice: object) -> bool:
    """`invoice`, or `invoice 7QK2M-8XW4T` where a button names the payment."""
    return str(choice or "").split(" ")[0] == INVOICE


def offer(talk: Conversation, order: PaymentOrder) -> list[dict[str, str]]:
    """The button, only for who paid it: the invoice of a payment is its payer's."""
    if not talk.services.settings.invoices or order.contact_id != talk.contact or not can_be_invoiced(order):
        return []
    choice = f'"choice": "{INVOICE} {order.confirmation}"'
    payload = f'/payment_history{{"contract_number": "{order.contract}", {choice}}}'
    return [{"title": talk.services.texts.get("want_invoice"), "payload": payload}]


async def offer_for_bill(talk: Conversation, contract: str, bill: str) -> list[dict[str, str]]:
    """For whoever called a bill "factura": the invoice of the payment that covers it, if it was made in this chat."""
    orders = await talk.services.payments.history(contract, KEPT)
    paid = [o for o in orders if o.state is State.PAID and any(share.number == bill for share in o.bills)]
    return next((found for o in paid if (found := offer(talk, o))), [])


async def say_invoice(talk: Conversation, contract: str, falls: Callable[[PaymentOrder], bool]) -> bool:
    """False, without a word, when this chat has paid nothing that could be invoiced."""
    orders = await talk.services.payments.history(contract, KEPT)
    mine = [o for o in orders if o.contact_id == talk.contact and o.state is State.PAID and can_be_invoiced(o)]
    named = str(talk.details.get("choice") or "").partition(" ")[2]
    mine = [o for o in mine if o.confirmation == named] if named else [o for o in mine if falls(o)]
    if not mine:
        return False
    if not talk.services.settings.invoices:
        talk.say("utter_invoice_office")
        return True
    states = await talk.services.invoices.states(talk.contact)
    await _say(talk, next((o for o in mine if states.get(o.id) != requests.DONE), mine[0]), contract)
    return True


async def _say(talk: Conversation, order: PaymentOrder, contract: str) -> None:
    request = await talk.services.invoices.ask(order)
    amount = talk.services.formats.money(pesos(order.counted_centavos))
    day = talk.services.formats.on_day(talk.services.clock.local(order.paid_at).date())
    facts: dict[str, Any] = {"amount": amount, "when": day, "where": await where(talk, contract)}
    if request.state == requests.DONE:
        await talk.services.invoices.send_again(request.id)
        talk.say("utter_invoice_again", **facts)
    elif request.state in TOLD:
        talk.say(TOLD[request.state], **facts)
    else:
        url = talk.services.invoice_links.page(request.id)
        button = {"kind": "link", "title": talk.services.texts.get("invoice_button"), "url": url}
        talk.say("utter_invoice_link", custom=button, minutes=talk.services.settings.invoice_link_minutes, **facts)
