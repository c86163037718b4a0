"""Auto-pay in the chat: what it is, the words agreed to, the way to the card, and ending it with one tap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions.base import Conversation, MariaAction
from actions.labels import of
from services.autopay.model import Consent, Plan, PlanState, RunState
from services.identity.masking import mask_contract
from services.payments.model import centavos, pesos, typed

START, CARDS, STOP, NO = "autopay_start", "autopay_cards", "autopay_stop", "no"
NO_CAP = "none"
HIGHEST_CAP = 1_000_000  # pesos; beyond it is a slip of the finger


def _money(talk: Conversation, amount: int) -> str:
    return talk.services.formats.money(pesos(amount))


def _cap(talk: Conversation) -> int | None:
    """What was answered, in centavos."""
    given = str(talk.details.get("autopay_cap") or NO_CAP)
    return None if given == NO_CAP else centavos(Decimal(given))


def consent(talk: Conversation) -> Consent:
    """The words as they are shown, kept as they were shown."""
    cap, texts = _cap(talk), talk.services.texts
    limit = texts.get("autopay_cap", cap=_money(talk, cap)) if cap is not None else ""
    words = texts.get("autopay_consent", ending=mask_contract(str(talk.contract)), cap=limit)
    return Consent(texts.get("autopay_consent_version"), words)


class AskAutopayWish(MariaAction):
    """Without auto-pay: what it is and does. With it: what is on, and what can be done about it."""

    action_name = "action_ask_autopay_wish"

    async def act(self, talk: Conversation) -> None:
        """Nothing but this chat's own is shown, so it needs no proof."""
        plans = await talk.services.autopay.plans(talk.contact)
        if not plans:
            talk.say("utter_autopay_offer")
            return
        titles = talk.services.texts.table("autopay_options")
        talk.say(
            "utter_autopay_status",
            lines="\n".join(_line(talk, plan) for plan in plans),
            options=[
                {"title": titles["stop" if len(plans) == 1 else "stop_all"], "payload": _choice(STOP)},
                {"title": titles["cards"], "payload": _choice(CARDS)},
                {"title": titles["more"], "payload": _choice(START)},
            ],
        )


def _choice(wish: str) -> str:
    return f'/inform{{"choice": "{wish}"}}'


def _line(talk: Conversation, plan: Plan) -> str:
    texts = talk.services.texts
    cap = texts.get("autopay_cap_none")
    if plan.cap_centavos is not None:
        cap = texts.get("autopay_cap_line", cap=_money(talk, plan.cap_centavos))
    card = talk.services.autopay.words.card(plan.card) if plan.card else texts.get("a_card")
    facts = {"ending": mask_contract(plan.contract), "card": card, "cap": cap}
    if plan.next_run is None:
        return texts.get("autopay_line", **facts)
    day, amount = talk.services.formats.day(plan.next_run.due), _money(talk, plan.next_run.amount_centavos)
    return texts.get("autopay_line_next", day=day, amount=amount, **facts)


class CheckAutopayWish(MariaAction):
    """Start, cards, end it, or not now."""

    action_name = "action_check_autopay_wish"

    async def act(self, talk: Conversation) -> None:
        """For the cards any contract that this chat pays by itself will do."""
        given = str(talk.given)
        if given == NO:
            talk.say("utter_autopay_not_now")
            talk.end()
            return
        if given == STOP:
            await end_autopay(talk, None)
            talk.end()
            return
        wish = CARDS if given == CARDS else START
        plans = await talk.services.autopay.plans(talk.contact) if wish == CARDS else []
        if plans:
            contract = plans[0].contract
            talk.now_at(contract, (await talk.services.identity.level(talk.contact, contract)).word)
        talk.settle(autopay_wish=wish)


class CheckAutopayCap(MariaAction):
    """An amount, or none."""

    action_name = "action_check_autopay_cap"

    async def act(self, talk: Conversation) -> None:
        """A cap below the least payment would never let anything through."""
        given = str(talk.given)
        if _is_no_cap(given):
            talk.settle(autopay_cap=NO_CAP)
            return
        cap, least = typed(given), pesos(talk.services.settings.payment_min_centavos)
        if cap is None or cap > HIGHEST_CAP:
            talk.say("utter_autopay_cap_not_understood")
            talk.reject()
        elif cap < least:
            talk.say("utter_amount_too_small", limit=talk.services.formats.money(least))
            talk.reject()
        else:
            talk.settle(autopay_cap=str(cap))


def _is_no_cap(given: str) -> bool:
    """Only what surely says so: "no sé" and "novecientos" do not take a limit away."""
    words = given.casefold().split()
    return given == NO_CAP or words == ["no"] or (words[:1] == ["sin"] and len(words) < 3)


class AskAutopayOk(MariaAction):
    """The words that are agreed to."""

    action_name = "action_ask_autopay_ok"

    async def act(self, talk: Conversation) -> None:
        """One yes."""
        talk.say("utter_autopay_consent", consent=consent(talk).text)


class CheckAutopayOk(MariaAction):
    """Yes goes on; no changes nothing."""

    action_name = "action_check_autopay_ok"

    async def act(self, talk: Conversation) -> None:
        """Settle or end."""
        if talk.given == "yes":
            talk.settle(autopay_ok="yes")
        else:
            talk.say("utter_nothing_changed")
            talk.end()


class StartAutopay(MariaAction):
    """On at once with a saved card; else the link to where one is typed, which is not here."""

    action_name = "action_autopay"

    async def act(self, talk: Conversation) -> None:
        """Level 3."""
        contract = str(talk.contract)
        await talk.services.identity.require(talk.contact, contract, "autopay")
        if talk.details.get("autopay_wish") == CARDS:
            _say_link(talk, "utter_autopay_cards_link", "autopay_cards_button")
            return
        plan = await talk.services.autopay.start(talk.contact, contract, _cap(talk), consent(talk))
        if plan.state is PlanState.ACTIVE and plan.card:
            card = talk.services.autopay.words.card(plan.card)
            talk.say("utter_autopay_on", card=card, of=await of(talk, contract))
        else:
            _say_link(talk, "utter_autopay_card_link", "autopay_card_button")


def _say_link(talk: Conversation, response: str, title: str) -> None:
    url = talk.services.autopay_links.page(talk.contact)
    minutes = talk.services.settings.autopay_link_minutes
    button = {"kind": "link", "title": talk.services.texts.get(title), "url": url}
    talk.say(response, custom=button, minutes=minutes)


class SkipAutopay(MariaAction):
    """The tap on a notice: this bill is not charged. Only of this chat's own auto-pay, so it needs no proof."""

    action_name = "action_autopay_skip"

    async def act(self, talk: Conversation) -> None:
        """Tapped twice it says the same again."""
        contract = talk.details.get("contract_number")
        run = await talk.services.autopay.skip(talk.contact, contract)
        last = run or await talk.services.autopay.last_run(talk.contact, contract)
        key = "utter_autopay_nothing_to_skip"
        if last is not None and last.state is RunState.SKIPPED:
            key = "utter_autopay_skipped"
        elif last is not None and last.state in (RunState.TOLD, RunState.PAID):
            key = "utter_autopay_too_late"
        facts: dict[str, Any] = {}
        if last is not None:
            month, amount = talk.services.formats.month(last.month), _money(talk, last.amount_centavos)
            facts = {"month": month, "amount": amount, "contract": last.contract}
        talk.say(key, **facts)


class StopAutopay(MariaAction):
    """Ended, for one contract or all of this chat."""

    action_name = "action_autopay_stop"

    async def act(self, talk: Conversation) -> None:
        """Said only once it is so."""
        await end_autopay(talk, talk.details.get("contract_number"))


async def end_autopay(talk: Conversation, contract: str | None) -> None:
    """What this chat authorised; in one contract, or (None) in all."""
    ended = await talk.services.autopay.stop(talk.contact, contract, "chat")
    if not ended:
        talk.say("utter_autopay_none")
    elif any(one.underway for one in ended):
        talk.say("utter_autopay_stopped_underway")
    else:
        talk.say("utter_autopay_stopped")
