"""Which contract: picked without a question where it is clear, else from a list, a number or a photo of the bill."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from actions.base import Conversation, MariaAction
from actions.labels import linked, row
from services.aquasis.errors import ContractNotFound
from services.contacts.naming import called
from services.contacts.service import LinkedContract
from services.errors import NotAllowed
from services.identity.policy import Level
from services.reading.bill import read_contract

ALL, BOTH, OTHER = "all", "both", "other"  # entity `which`: "todos", "los dos", "el otro"
MORE = "more:"  # a row of the list: show it from here on
FOR_ALL = ("balance_inquiry", "bill_request")  # errands that can be done for every linked contract at once
AT_ONCE = 5  # contracts: a file for each of forty would be a flood
PAGE = 8  # rows of ten: two are for "more" and "all of them"
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
        if talk.contract == ALL and await _settle_all(talk, await linked(talk)):
            return
        if talk.contract == ALL:
            await _one_of(talk, await linked(talk))
        elif talk.contract:
            await settle_contract(talk, talk.contract)
        else:
            await _one_of(talk, await _among(talk))


class CheckContract(MariaAction):
    """A number in the message always wins; Aquasis decides whether it exists."""

    action_name = "action_check_contract"

    async def act(self, talk: Conversation) -> None:
        """Settle it, or say what was read and what else works."""
        given = str(talk.given or "")
        if given.startswith(MORE):
            show_list(talk, await linked(talk), int(given.removeprefix(MORE) or 0))
            talk.reject()
        elif given in (ALL, BOTH, OTHER):
            await _pointed_at(talk, given, await linked(talk))
        else:
            await self._numbered(talk, given)

    @staticmethod
    async def _numbered(talk: Conversation, number: str) -> None:
        try:
            await settle_contract(talk, number)
        except ContractNotFound:
            talk.say("utter_contract_not_found", contract=number)
            talk.reject()


async def _pointed_at(talk: Conversation, which: str, mine: list[LinkedContract]) -> None:
    """Among those linked, which need not be two: "todos", "los dos", "el otro"."""
    if which == BOTH and len(mine) > 2:
        show_list(talk, mine, response="utter_which_two")
        talk.reject()
        return
    if which in (ALL, BOTH) and len(mine) > 1 and await _settle_all(talk, mine):
        return
    if which == OTHER:
        mine = [c for c in mine if c.contract != talk.contract]
    if len(mine) != 1:
        talk.reject()
    await _one_of(talk, mine)


async def _settle_all(talk: Conversation, mine: list[LinkedContract]) -> bool:
    """Whether the errand can be done for each of them with what is known of who asks; a code proves one alone."""
    needed = talk.services.identity.policy.needed(talk.errand)
    if talk.errand not in FOR_ALL or needed > Level.CONTACT or (needed > Level.CONTRACT and len(mine) > AT_ONCE):
        return False
    for one in mine if needed > Level.CONTRACT else ():
        await talk.services.identity.see_contract(talk.contact, one.contract)
        if not await talk.services.identity.recognise(talk.contact, one.contract, talk.phone):
            return False
    talk.now_at_several(ALL, needed.word)
    return True


async def _one_of(talk: Conversation, mine: list[LinkedContract]) -> None:
    """The only one there is, a list, or the question for a number."""
    if len(mine) == 1:
        await settle_contract(talk, mine[0].contract)
    elif mine:
        show_list(talk, mine)
    else:
        talk.say("utter_ask_contract")


def show_list(
    talk: Conversation, mine: list[LinkedContract], start: int = 0, response: str = "utter_which_contract"
) -> None:
    """Ten rows at most: a page of contracts, the rest behind a row of its own, and all of them where that can be."""
    shown = mine[start : start + PAGE] if len(mine) > PAGE + 1 else mine
    options = [_option(row(c), c.contract) for c in shown]
    texts = talk.services.texts
    if start + len(shown) < len(mine):
        options.append(_option(texts.get("more_contracts"), f"{MORE}{start + len(shown)}"))
    elif start:
        options.append(_option(texts.get("first_contracts"), f"{MORE}0"))
    if talk.errand == "balance_inquiry":
        options.append(_option(texts.get("both_contracts" if len(mine) == 2 else "all_contracts"), ALL))
    talk.say(response, options=options, count=len(mine))


async def _among(talk: Conversation) -> list[LinkedContract]:
    """Those that may be meant: the one named, for a name or a farewell the one at hand, none for a new one."""
    mine = await linked(talk)
    if named := called(talk.text, mine):
        return [named]
    if talk.errand != "add_contract":
        return mine
    naming, at_hand = talk.services.naming, talk.state.get("contract")
    if not (naming.nickname(talk.text) or naming.removes(talk.text)):
        return []
    return [c for c in mine if c.contract == at_hand] or mine


def _option(title: str, contract: str) -> dict[str, str]:
    return {"title": title, "payload": f"/inform{json.dumps({'contract_number': contract})}"}


class ReadBillPhoto(MariaAction):
    """A photo of any bill: its barcode, else its text, read and then confirmed by the citizen."""

    action_name = "action_read_bill_photo"

    async def act(self, talk: Conversation) -> None:
        """Offer the number that was found as a button; nothing is taken for granted."""
        file = await talk.services.media.get(str(talk.given), talk.contact)
        number = await asyncio.to_thread(read_contract, file.content, file.mime)
        if number is None:
            talk.say("utter_bill_photo_unreadable")
            talk.reject()
            return
        yes, no = (talk.services.texts.get(key) for key in ("yes_that_one", "no_another_one"))
        no_way = {"title": no, "payload": "/dont_have_it"}
        talk.say("utter_bill_photo_read", contract=number, options=[_option(yes, number), no_way])
        talk.propose(number)
