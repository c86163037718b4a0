"""How much is owed: the amount first, the date second, a cut-off said plainly."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

from actions.base import Conversation, MariaAction
from actions.contract import ALL
from actions.labels import linked, of, where
from actions.owed import owed
from services.billing.service import CUT, Balance


class TellBalance(MariaAction):
    """Level 1: amounts and dates, no name and no address."""

    action_name = "action_balance"

    async def act(self, talk: Conversation) -> None:
        """One contract, or all of the linked ones."""
        if talk.contract == ALL:
            await self._all(talk)
            return
        contract = str(talk.contract)
        await talk.services.identity.require(talk.contact, contract, "balance_inquiry")
        balance = await owed(talk, contract)
        self._say(talk, balance, await where(talk, contract), await of(talk, contract))
        if balance.unfinished:
            talk.later("service_state_known", about=contract)

    def _say(self, talk: Conversation, balance: Balance, place: str, of_place: str) -> None:
        formats = talk.services.formats
        facts: dict[str, Any] = {
            "of": of_place,
            "where": place,
            "total": formats.money(abs(balance.total)),
            "contract": balance.contract,
        }
        if balance.is_cut and balance.total > 0:
            talk.say("utter_balance_cut", **facts)
        elif balance.is_cut:
            talk.say("utter_balance_cut_no_debt", **facts)
        elif balance.total < 0:
            talk.say("utter_balance_credit", **facts)
        elif balance.total == 0:
            talk.say("utter_balance_nothing", fresh=formats.freshness(), **facts)
        elif balance.overdue:
            months = _months(talk, balance)
            overdue = formats.money(balance.overdue_total)
            key = "utter_balance_all_overdue" if balance.overdue_total == balance.total else "utter_balance_overdue"
            talk.say(key, overdue=overdue, months=months, **facts)
        else:
            talk.say("utter_balance_due", due=_day(talk, balance.due), **facts)

    @staticmethod
    async def _all(talk: Conversation) -> None:
        """Asked side by side, told in one bubble."""
        mine = await linked(talk)
        contracts = [c.contract for c in mine]
        for contract in contracts:
            await talk.services.identity.see_contract(talk.contact, contract)
            await talk.services.identity.require(talk.contact, contract, "balance_inquiry")
        balances = await asyncio.gather(*(owed(talk, c) for c in contracts))
        lines = [
            talk.services.texts.get(
                "balance_line", name=c.nickname or c.contract, total=talk.services.formats.money(b.total)
            )
            for c, b in zip(mine, balances, strict=True)
        ]
        total = sum((b.total for b in balances if b.total > 0), Decimal())
        talk.say("utter_balance_all", lines="\n".join(lines), total=talk.services.formats.money(total))


class TellServiceState(MariaAction):
    """The second half of a balance whose answer did not wait for it: said only when the water is cut."""

    action_name = "action_service_state"

    async def act(self, talk: Conversation) -> None:
        """The evidence may have lapsed and the state may be unknown; then there is nothing to say."""
        contract = str(talk.entities.get("about") or "")
        await talk.services.identity.require(talk.contact, contract, "balance_inquiry")
        if await talk.services.billing.service_state(contract) in CUT:
            talk.say("utter_service_is_cut", of=await of(talk, contract), contract=contract)


def _day(talk: Conversation, day: date | None) -> str:
    return talk.services.formats.day(day) if day else talk.services.texts.get("soon")


def _months(talk: Conversation, balance: Balance) -> str:
    """`octubre`, `septiembre y octubre`, or how many."""
    names = [talk.services.formats.month(b.month) for b in balance.overdue]
    if len(names) > 2:
        return talk.services.texts.get("so_many_months", count=len(names))
    return f" {talk.services.texts.get('and_word')} ".join(names)
