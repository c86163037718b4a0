"""A way to pay: how much, how, and the reference with its picture or its CLABE."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import Any

from actions.base import Conversation, MariaAction
from actions.labels import of, where
from actions.owed import debt_left, named_bill, owed, shares
from services.billing.service import Balance
from services.payments.errors import (
    AmountTooLarge,
    AmountTooSmall,
    PaymentInProgress,
    PaymentsUnavailable,
    PaymentUnknown,
)
from services.payments.model import (
    BillShare,
    CardCheckout,
    CashReference,
    Method,
    Reference,
    SpeiReference,
    centavos,
    typed,
)

METHODS = {
    "oxxo": Method.CASH,
    "cash": Method.CASH,
    "bank": Method.SPEI,
    "spei": Method.SPEI,
    "card": Method.CARD,
}
PNG = "image/png"


async def _balance(talk: Conversation) -> Balance:
    contract = str(talk.contract)
    await talk.services.identity.require(talk.contact, contract, "balance_inquiry")
    return await owed(talk, contract)


class AskAmount(MariaAction):
    """The whole debt without a question; with something overdue, all or only that or another amount."""

    action_name = "action_ask_amount"

    async def act(self, talk: Conversation) -> None:
        """Nothing to pay, or nothing that may be paid, ends the errand."""
        balance, formats = await _balance(talk), talk.services.formats
        place = await where(talk, balance.contract)
        if balance.blocked:
            talk.say("utter_payment_blocked")
            talk.end()
        elif balance.total <= 0:
            talk.say("utter_nothing_to_pay", where=place)
            talk.end()
        elif len(balance.bills) < 2 or not 0 < balance.overdue_total < balance.total:
            talk.settle(amount=str(balance.total))
        else:
            texts = talk.services.texts
            months = f" {texts.get('and_word')} ".join(formats.month(b.month) for b in balance.overdue[-2:])
            talk.say(
                "utter_ask_amount",
                where=place,
                total=formats.money(balance.total),
                overdue=formats.money(balance.overdue_total),
                months=months,
                options=[
                    _amount(texts.get("pay_all"), balance.total),
                    _amount(texts.get("pay_overdue"), balance.overdue_total),
                    {"title": texts.get("pay_other"), "payload": "/dont_have_it"},
                ],
            )


def _amount(title: str, pesos: Decimal) -> dict[str, str]:
    return {"title": title, "payload": f"/inform{json.dumps({'amount': str(pesos)})}"}


class CheckAmount(MariaAction):
    """Between the least amount and what is owed."""

    action_name = "action_check_amount"

    async def act(self, talk: Conversation) -> None:
        """0 and ten million get a clear answer."""
        formats = talk.services.formats
        pesos = typed(str(talk.given))
        if pesos is None:
            talk.say("utter_amount_not_understood")
            talk.reject()
            return
        balance = await _balance(talk)
        bill = named_bill(talk.entities.get("choice"))  # tapped just now
        if balance.total <= 0 or (bill and bill not in {b.number for b in balance.bills}):
            key = "utter_nothing_to_pay" if balance.total <= 0 else "utter_bill_not_owed"
            talk.say(key, where=await where(talk, balance.contract))
            talk.end()
            return
        least = Decimal(talk.services.settings.payment_min_centavos) / 100
        if pesos > balance.total:
            talk.say("utter_amount_too_large", limit=formats.money(balance.total))
            talk.reject()
        elif pesos < min(least, balance.total):
            talk.say("utter_amount_too_small", limit=formats.money(least))
            talk.reject()
        else:
            talk.settle(amount=str(pesos))


class AskPaymentMethod(MariaAction):
    """The amount inside the question; three ways in words people use."""

    action_name = "action_ask_payment_method"

    async def act(self, talk: Conversation) -> None:
        """Ask; which way comes first is an experiment."""
        amount = talk.services.formats.money(Decimal(str(talk.details["amount"])))
        titles = talk.services.texts.table("payment_method_buttons")
        first = talk.variant("payment_methods_order").removesuffix("_first")
        options = [
            {"title": titles[name], "payload": f"/inform{json.dumps({'payment_method': name})}"}
            for name in sorted(titles, key=lambda name: name != first)
        ]
        talk.say("utter_ask_payment_method", options=options, amount=amount, of=await of(talk, str(talk.contract)))


class CheckPaymentMethod(MariaAction):
    """Cash, transfer or card; what María cannot do she says."""

    action_name = "action_check_payment_method"

    async def act(self, talk: Conversation) -> None:
        """Settle what can be done."""
        given = str(talk.given)
        if given not in METHODS:
            talk.say("utter_method_not_here")
            talk.reject()
            return
        most = talk.services.settings.payment_max_cash_centavos
        if METHODS[given] is Method.CASH and centavos(Decimal(str(talk.details["amount"]))) > most:
            talk.say("utter_method_too_high", most=talk.services.formats.money(Decimal(most) / 100))
            talk.reject()
            return
        talk.settle(payment_method=given)


class MakeReference(MariaAction):
    """A live reference is repeated, not doubled; an expired one is made anew.

    When the gateway does not answer, the request can be kept: whoever wants that says so with a tap.
    """

    action_name = "action_payment_reference"

    async def act(self, talk: Conversation) -> None:
        """Level 2."""
        contract = str(talk.contract)
        await talk.services.identity.require(talk.contact, contract, "payment_reference")
        amount = centavos(Decimal(str(talk.details["amount"])))
        bills = await self._bills(talk, amount)
        try:
            reference = await talk.services.payments.create_reference(
                talk.contact,
                contract,
                METHODS[str(talk.details["payment_method"])],
                amount,
                bills,
                idempotency_key=f"{talk.turn_id}:reference",
            )
        except (AmountTooSmall, AmountTooLarge) as refusal:
            limit = Decimal(str(refusal.facts["limit_centavos"])) / 100
            talk.say(refusal.response, limit=talk.services.formats.money(limit))
            talk.ask_again("amount")
            return
        except PaymentInProgress:
            raise
        except (PaymentsUnavailable, PaymentUnknown) as silence:
            method = METHODS[str(talk.details["payment_method"])]
            if method is Method.CARD:  # perhaps only cards fail
                talk.say("utter_card_down")
                talk.ask_again("payment_method")
                return
            await talk.services.kept.offer(talk.contact, contract, method, amount, bills)
            known = not isinstance(silence, PaymentUnknown)
            talk.say("utter_payments_down_keep" if known else "utter_payment_unknown_keep")
            talk.end()
            return
        await say_reference(talk, reference)

    @staticmethod
    async def _bills(talk: Conversation, amount: int) -> list[BillShare]:
        """What the amount is for: first the bill that a button named."""
        _, bills = await debt_left(talk, str(talk.contract))
        return shares(bills, amount, named_bill(talk.details.get("choice")))


class KeepPayment(MariaAction):
    """The tap on "yes, when it is possible"."""

    action_name = "action_keep_payment"

    async def act(self, talk: Conversation) -> None:
        """Promised only once it is kept."""
        kept = await talk.services.kept.keep(talk.contact)
        if kept is None:
            talk.say("utter_payment_not_kept")
        else:
            amount = talk.services.formats.money(Decimal(kept.amount_centavos) / 100)
            talk.say("utter_payment_kept", amount=amount)


async def say_reference(talk: Conversation, reference: Reference) -> None:
    """With the barcode as a picture, the CLABE alone in a message of its own, or the link to the card page."""
    if isinstance(reference, CardCheckout):
        say_card_link(talk, reference)
        return
    formats = talk.services.formats
    facts: dict[str, Any] = {
        "amount": formats.money(Decimal(reference.amount_centavos) / 100),
        "until": formats.day(talk.services.clock.local(reference.expires_at).date()),
    }
    again = "_again" if reference.repeated else ""
    if isinstance(reference, SpeiReference):
        holder = reference.beneficiary or talk.services.texts.get("beneficiary")
        talk.say(f"utter_spei_reference{again}", bank=reference.bank, holder=holder, **facts)
        talk.say("utter_clabe", clabe=reference.clabe)
        return
    await _say_cash(talk, reference, again, facts)


def say_card_link(talk: Conversation, checkout: CardCheckout) -> None:
    """A button that opens our own page; the gateway's comes after it."""
    formats = talk.services.formats
    url = talk.services.links.card(checkout.payment_id, checkout.expires_at)
    talk.say(
        "utter_card_link_again" if checkout.repeated else "utter_card_link",
        custom={"kind": "link", "title": talk.services.texts.get("card_button"), "url": url},
        amount=formats.money(Decimal(checkout.amount_centavos) / 100),
        until=formats.moment(checkout.expires_at),
    )


async def _say_cash(talk: Conversation, reference: CashReference, again: str, facts: dict[str, Any]) -> None:
    vouchers = talk.services.vouchers
    picture = await asyncio.to_thread(vouchers.png, reference)
    media = await talk.services.media.put(picture, PNG, "referencia.png", talk.contact)
    stores = vouchers.stores(reference)
    # who asked for OXXO goes there, unless told that this merchant's references are not taken there
    elsewhere = bool(reference.stores) and not any("oxxo" in store.lower() for store in reference.stores)
    wants_oxxo = talk.details.get("payment_method") == "oxxo"
    facts["elsewhere"] = talk.services.texts.get("not_at_oxxo") if wants_oxxo and elsewhere else ""
    talk.say(f"utter_cash_reference{again}", image=media, stores=stores, reference=reference.grouped, **facts)
