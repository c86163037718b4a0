"""Which contract: picked without a question where it is clear, else from a list, a number or a photo of the bill."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from actions.base import Conversation, MariaAction
from actions.labels import linked, row
from services.aquasis.errors import ContractNotFound
from services.contacts.service import LinkedContract
from services.errors import NotAllowed
from services.identity.policy import Level
from services.knowledge.faq import fold
from services.reading.bill import read_contract

ALL = "all"
FOR_ALL = ("balance_inquiry",)  # errands that can be done for every linked contract at once
MOST_ROWS = 9  # of ten: one is for "all of them"
_background: set[asyncio.Task[None]] = set()


async def settle_contract(talk: Conversation, number: str) -> None:
    """The contract is known: note the evidence, recognise the phone it is registered with, warm the caches."""
    identity = talk.services.identity
    await identity.may_look_up(talk.contact, number)
    _start(talk.services.aquasis.prefetch(number))
    if talk.errand == "bill_request":
        _start(talk.services.billing.prefetch_bills(number, talk.details.get("period")))
    await identity.see_contract(talk.contact, number)
    if await identity.recognise(talk.contact, number, talk.phone):
        await follow(talk, number)
    talk.now_at(number, (await identity.level(talk.contact, number)).word)


def _start(work: Coroutine[Any, Any, None]) -> None:
    """Nobody waits for it."""
    task = asyncio.create_task(work)
    _background.add(task)
    task.add_done_callback(_background.discard)


async def follow(talk: Conversation, number: str) -> None:
    """Remember the contract for next time; a full list is no reason to stop an errand."""
    try:
        await talk.services.contacts.link(talk.contact, number)
    except NotAllowed:
        return


class AskContract(MariaAction):
    """Asks only when it must."""

    action_name = "action_ask_contract"

    async def act(self, talk: Conversation) -> None:
        """An inherited one, a nickname in the message, the only one linked, a list, or the question."""
        known = talk.contract
        if known == ALL:
            talk.now_at(ALL, Level.CONTRACT.word)
            return
        if known:
            await settle_contract(talk, known)
            return
        mine = await linked(talk) if talk.errand != "add_contract" else []
        named = _named(talk.text, mine)
        if named or len(mine) == 1:
            await settle_contract(talk, (named or mine[0]).contract)
            return
        if mine:
            self._list(talk, mine)
            return
        talk.say("utter_ask_contract")

    @staticmethod
    def _list(talk: Conversation, mine: list[LinkedContract]) -> None:
        options = [_option(row(c), c.contract) for c in mine[:MOST_ROWS]]
        if talk.errand in FOR_ALL:
            key = "both_contracts" if len(mine) == 2 else "all_contracts"
            options.append(_option(talk.services.texts.get(key), ALL))
        talk.say("utter_which_contract", options=options)


def _option(title: str, contract: str) -> dict[str, str]:
    return {"title": title, "payload": f"/inform{json.dumps({'contract_number': contract})}"}


def _named(text: str, mine: list[LinkedContract]) -> LinkedContract | None:
    """The one whose nickname stands in the message, if it is only one."""
    said = f" {fold(text)} "
    found = [c for c in mine if c.nickname and f" {fold(c.nickname)} " in said]
    return found[0] if len(found) == 1 else None


class CheckContract(MariaAction):
    """A number in the message always wins; Aquasis decides whether it exists."""

    action_name = "action_check_contract"

    async def act(self, talk: Conversation) -> None:
        """Settle it, or say what was read and what else works."""
        number = str(talk.given or "")
        if number == ALL:
            talk.now_at(ALL, Level.CONTRACT.word)
            return
        try:
            await settle_contract(talk, number)
        except ContractNotFound:
            talk.say("utter_contract_not_found", contract=number)
            talk.reject()


class ReadBillPhoto(MariaAction):
    """A photo of any bill: its barcode, else its text, read and then confirmed by the citizen."""

    action_name = "action_read_bill_photo"

    async def act(self, talk: Conversation) -> None:
        """Offer the number that was found as a button; nothing is taken for granted."""
        file = await talk.services.media.get(str(talk.given), talk.contact)
        number = await asyncio.to_thread(read_contract, file.content, file.mime)
        talk.reject()
        if number is None:
            talk.say("utter_bill_photo_unreadable")
            return
        yes = talk.services.texts.get("yes_that_one")
        talk.say("utter_bill_photo_read", contract=number, options=[_option(yes, number)])
