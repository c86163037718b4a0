"""What auto-pay says by itself, in the transaction of what it says: free inside the 24 hours, else a template."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from services.autopay.model import Card, Plan, Run, Why
from services.clock import Clock
from services.contacts.tables import ContactRow
from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.knowledge.texts import USTED, Texts
from services.messaging.outbound import Buttons, Option, Outbound, Template, Text
from services.messaging.outbox import URGENT_NOTICE, Draft, Outbox
from services.messaging.window import is_open

PERSON, CHANGE_CARD = '/handoff_request{"about": "autopay"}', '/autopay{"choice": "autopay_cards"}'

PAY_OTHERWISE = {  # title of the button, text
    Why.PARTLY: ("autopay_pay", "autopay_partly"),
    Why.BANK: ("autopay_pay_card", "autopay_bank_asks"),
}


@dataclass(frozen=True)
class Notice:
    """One message twice: in free words with buttons (title key, payload), and as an approved template."""

    key: str
    text: str
    facts: dict[str, str]
    options: tuple[tuple[str, str], ...]
    template: Template


class Words:
    """Writes into the outbox; one key, one message."""

    def __init__(self, outbox: Outbox, clock: Clock, formats: Formats, texts: Texts) -> None:
        self._outbox, self._clock = outbox, clock
        self._formats, self._texts = formats, texts

    async def coming(self, session: AsyncSession, contact_id: str, run: Run, card: Card) -> None:
        """Three days before: how much, when, with which card; one tap stops it."""
        facts = {**self._facts(run), "card": self.card(card)}
        bill = f'/bill_request{{"contract_number": "{run.contract}"}}'
        stop = f'/autopay_skip{{"contract_number": "{run.contract}"}}'
        parameters = (facts["ending"], facts["day"], _plain(run.amount_centavos), card.last4)
        template = Template(name="autopay_upcoming", parameters=parameters, button_payloads=(bill, stop))
        options = (("autopay_see_bill", bill), ("autopay_skip_button", stop))
        await self._write(
            session, contact_id, Notice(f"autopay-told:{run.id}", "autopay_coming", facts, options, template)
        )

    async def not_charged(self, session: AsyncSession, contact_id: str, run: Run, why: Why) -> None:
        """It will not be charged, why, and how to pay it."""
        reason = self._texts.table("autopay_why")[why.value]
        facts, pay = {**self._facts(run), "why": reason}, _pay(run)
        parameters = (facts["amount"].lstrip("$"), facts["ending"], reason)
        template = Template(name="autopay_not_charged", parameters=parameters, button_payloads=(pay, CHANGE_CARD))
        options = (("autopay_pay", pay), ("autopay_change_card", CHANGE_CARD))
        key = f"autopay-not:{run.id}"
        await self._write(session, contact_id, Notice(key, "autopay_not_charged", facts, options, template))

    async def partly(self, session: AsyncSession, contact_id: str, run: Run, paid: int, left: int) -> None:
        """A part of the bill is paid: how much, how much is left, and that nothing was charged."""
        rest = replace(run, amount_centavos=left)
        facts = {**self._facts(rest), "paid": self._formats.money(Decimal(paid) / 100)}
        await self._pay_otherwise(session, contact_id, Why.PARTLY, rest, facts, _pay(rest, exactly=True))

    async def bank_asks(self, session: AsyncSession, contact_id: str, run: Run) -> None:
        """The bank wants the citizen to confirm the payment: a card page for this bill, where that can be done."""
        pay = _pay(run, exactly=True, method="card")
        await self._pay_otherwise(session, contact_id, Why.BANK, run, self._facts(run), pay)

    async def _pay_otherwise(
        self, session: AsyncSession, contact_id: str, why: Why, run: Run, facts: dict[str, str], pay: str
    ) -> None:
        parameters = (_plain(run.amount_centavos), facts["ending"], self._texts.table("autopay_why")[why.value])
        template = Template(name="autopay_not_charged", parameters=parameters, button_payloads=(pay, CHANGE_CARD))
        title, text = PAY_OTHERWISE[why]
        options = ((title, pay), ("autopay_change_card", CHANGE_CARD))
        notice = Notice(f"autopay-{why.value}:{run.id}", text, facts, options, template)
        await self._write(session, contact_id, notice)

    async def failed(self, session: AsyncSession, contact_id: str, run: Run, now: datetime) -> None:
        """Three tries, and another way to pay."""
        pay, day = _pay(run), self._formats.day_of_year(self._clock.local(now).date())
        facts = {**self._facts(run), "tries": str(run.tries)}
        template = Template(
            name="autopay_failed",
            parameters=(_plain(run.amount_centavos), facts["ending"], day),
            button_payloads=(pay, CHANGE_CARD, PERSON),
        )
        options = (("autopay_pay", pay), ("autopay_change_card", CHANGE_CARD), ("talk_to_somebody", PERSON))
        key = f"autopay-failed:{run.id}"
        await self._write(session, contact_id, Notice(key, "autopay_failed", facts, options, template))

    async def paid_already(self, session: AsyncSession, contact_id: str, run: Run) -> None:
        """Nothing was charged, for the bill is paid. Only inside the 24 hours: it asks for nothing."""
        contact = await session.get(ContactRow, contact_id)
        if contact is not None and await is_open(session, contact, self._clock.now()):
            body = self._texts.get("autopay_paid_already", contact.register, **self._facts(run))
            await self._put(session, contact, f"autopay-otherwise:{run.id}", Text(body=body))

    async def started(self, session: AsyncSession, plan: Plan) -> None:
        """The card is there and auto-pay is on."""
        contact = await session.get(ContactRow, plan.contact_id)
        if contact is not None and plan.card is not None:
            facts = {"ending": mask_contract(plan.contract), "card": self.card(plan.card)}
            body = self._texts.get("autopay_started", contact.register, **facts)
            await self._put(session, contact, f"autopay-on:{plan.id}", Text(body=body))

    async def elsewhere(self, session: AsyncSession, plan: Plan) -> None:
        """The card is there, but another chat pays this contract by itself."""
        contact = await session.get(ContactRow, plan.contact_id)
        if contact is not None:
            body = self._texts.get("autopay_elsewhere", contact.register, ending=mask_contract(plan.contract))
            person = Option(id=PERSON, title=self._texts.get("talk_to_somebody"))
            await self._put(session, contact, f"autopay-elsewhere:{plan.id}", Buttons(body=body, options=(person,)))

    def card(self, card: Card) -> str:
        """`Visa que termina en 4242`."""
        brand = self._texts.table("card_brands").get(card.brand, self._texts.get("a_card"))
        return self._texts.get("card_ends", brand=brand, last4=card.last4)

    def _facts(self, run: Run) -> dict[str, str]:
        return {
            "amount": self._formats.money(Decimal(run.amount_centavos) / 100),
            "day": self._formats.day(run.due),
            "ending": mask_contract(run.contract),
            "month": self._formats.month(run.month),
        }

    async def _write(self, session: AsyncSession, contact_id: str, notice: Notice) -> None:
        contact = await session.get(ContactRow, contact_id)
        if contact is None:
            return
        message: Outbound = notice.template
        if await is_open(session, contact, self._clock.now()):
            body = self._texts.get(notice.text, contact.register or USTED, **notice.facts)
            options = tuple(Option(id=payload, title=self._texts.get(key)) for key, payload in notice.options)
            message = Buttons(body=body, options=options)
        await self._put(session, contact, notice.key, message)

    async def _put(self, session: AsyncSession, contact: ContactRow, key: str, message: Outbound) -> None:
        draft = Draft(key=key, message=message, priority=URGENT_NOTICE)
        await self._outbox.write(session, contact.id, contact.channel, [draft])


def _plain(centavos: int) -> str:
    return f"{Decimal(centavos) / 100:,.2f}"


def _pay(run: Run, *, exactly: bool = False, method: str | None = None) -> str:
    """The tap that asks for a way to pay: the debt, or exactly this amount of this one bill."""
    wish = {"contract_number": run.contract}
    if exactly:
        wish |= {"amount": f"{Decimal(run.amount_centavos) / 100:.2f}", "choice": f"bill {run.bill}"}
    if method:
        wish["payment_method"] = method
    return f"/payment_reference{json.dumps(wish)}"
