"""Which payments have arrived, and which references are pending, paid or expired."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from actions.base import Conversation, MariaAction
from actions.labels import where
from actions.owed import debt_left
from services.payments.model import PaymentOrder, State

RECENT = timedelta(days=15)
SHOWN = 5


def money(talk: Conversation, order: PaymentOrder) -> str:
    """What arrived, else what is asked for."""
    return talk.services.formats.money(Decimal(order.counted_centavos) / 100)


class ConfirmPayment(MariaAction):
    """Says what is seen and when; never asks to pay twice."""

    action_name = "action_payment_confirmation"

    async def act(self, talk: Conversation) -> None:
        """Conekta is asked anew about what is pending; Aquasis' own bills count as well."""
        contract = str(talk.contract)
        await talk.services.identity.require(talk.contact, contract, "payment_confirmation")
        orders = await talk.services.payments.refresh(contract)
        place = await where(talk, contract)
        since = talk.services.clock.now() - RECENT
        paid = [o for o in orders if o.state is State.PAID and (o.paid_at or o.created_at) > since]
        if paid:
            await self._seen(talk, paid[0], place)
            return
        if not await self._bill_paid(talk, contract, place):
            self._not_seen(talk, [o for o in orders if o.created_at > since], place)

    @staticmethod
    async def _seen(talk: Conversation, order: PaymentOrder, place: str) -> None:
        await talk.services.aquasis.forget(str(talk.contract))
        left, _ = await debt_left(talk, str(talk.contract))
        formats = talk.services.formats
        when = formats.on_day(talk.services.clock.local(order.paid_at or order.created_at).date())
        key = "utter_payment_seen" if left > 0 else "utter_payment_seen_nothing_due"
        talk.say(key, amount=money(talk, order), when=when, where=place, total=formats.money(left))

    @staticmethod
    async def _bill_paid(talk: Conversation, contract: str, place: str) -> bool:
        """A payment made elsewhere shows as a bill that was collected."""
        bills = await talk.services.aquasis.bills(contract)
        since = talk.services.clock.today() - RECENT
        collected = [b for b in bills if b.paid_on and b.paid_on >= since]
        if not collected:
            return False
        left, _ = await debt_left(talk, contract)
        formats, bill = talk.services.formats, collected[0]
        when = formats.on_day(bill.paid_on) if bill.paid_on else ""
        key = "utter_payment_seen" if left > 0 else "utter_payment_seen_nothing_due"
        talk.say(key, amount=formats.money(bill.amount), when=when, where=place, total=formats.money(left))
        return True

    @staticmethod
    def _not_seen(talk: Conversation, orders: list[PaymentOrder], place: str) -> None:
        if orders:
            lines = "\n".join(line(talk, o) for o in orders[:SHOWN])
            talk.say("utter_payment_pending", lines=lines, where=place)
        else:
            talk.say("utter_payment_none", where=place)


def line(talk: Conversation, order: PaymentOrder) -> str:
    """`• $486.00 en tienda, del lunes 23: por pagar`."""
    texts, formats = talk.services.texts, talk.services.formats
    state = texts.table("payment_states").get(order.state.value, texts.table("payment_states")["review"])
    method = texts.table("payment_methods")[order.method.value]
    day = formats.on_day(talk.services.clock.local(order.created_at).date())
    return texts.get("payment_line", amount=money(talk, order), method=method, day=day, state=state)
