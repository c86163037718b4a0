"""Proof beyond the number: the registered contact, and the one-time code."""

from __future__ import annotations

from datetime import datetime

from actions.base import Conversation, MariaAction
from actions.contract import follow
from services.identity.codes import looks_like_code
from services.identity.errors import NothingRegistered, StepLocked, TooManyCodes
from services.identity.policy import Level

PERSON = "handoff_request"


def contract_of(talk: Conversation) -> str:
    """The contract the proof is for; the plan never asks for proof before it is known."""
    if talk.contract is None:
        raise NothingRegistered
    return talk.contract


async def _level(talk: Conversation) -> None:
    contract = contract_of(talk)
    talk.now_at(contract, (await talk.services.identity.level(talk.contact, contract)).word)


def say_locked(talk: Conversation, until: datetime) -> None:
    """When the step opens again, and what works meanwhile."""
    talk.say("utter_step_locked", until=talk.services.formats.moment(until))
    talk.end()


class AskContact(MariaAction):
    """Level 2: no question when the WhatsApp number is the registered one."""

    action_name = "action_ask_contact"

    async def act(self, talk: Conversation) -> None:
        """Recognise, else ask without any hint."""
        contract = contract_of(talk)
        if await talk.services.identity.level(talk.contact, contract) < Level.CONTRACT:
            await talk.services.identity.see_contract(talk.contact, contract)
        if await talk.services.identity.recognise(talk.contact, contract, talk.phone):
            await follow(talk, contract)
            await _level(talk)
            return
        talk.say("utter_ask_contact")


class CheckContact(MariaAction):
    """A phone or e-mail typed, compared with what Aquasis has."""

    action_name = "action_check_contact"

    async def act(self, talk: Conversation) -> None:
        """Matched, or how many tries are left."""
        contract = contract_of(talk)
        try:
            match = await talk.services.identity.match_contact(talk.contact, contract, str(talk.given))
        except StepLocked as lock:
            say_locked(talk, lock.facts["until"])
            return
        if match.ok:
            await follow(talk, contract)
            await _level(talk)
            return
        if match.tries_left <= 0:
            talk.say("utter_contact_no_tries_left")
            talk.end()
            return
        key = "utter_contact_wrong_one_left" if match.tries_left == 1 else "utter_contact_wrong"
        talk.say(key, left=match.tries_left)
        talk.reject()


async def send_code(talk: Conversation, again: bool = False, prefer: str | None = None) -> None:
    """Send a code and say where it went, or why it cannot be sent."""
    contract = contract_of(talk)
    try:
        sent = await talk.services.identity.send_code(talk.contact, contract, prefer=prefer, again=again)
    except StepLocked as lock:
        say_locked(talk, lock.facts["until"])
        return
    except (NothingRegistered, TooManyCodes) as refusal:
        scope = "_report" if talk.errand == "service_request" else ""
        talk.say(f"{refusal.response}{scope}" if isinstance(refusal, NothingRegistered) else refusal.response)
        talk.end()
        return
    key = "utter_code_still_good" if sent.resent else "utter_code_sent"
    talk.say(f"{key}_{sent.channel}", where=sent.masked)


class SendCode(MariaAction):
    """Level 3: a code to a contact registered in Aquasis, never to this chat unless it is that contact."""

    action_name = "action_send_code"

    async def act(self, talk: Conversation) -> None:
        """Nothing to do when a code was given a moment ago."""
        if await talk.services.identity.level(talk.contact, contract_of(talk)) >= Level.OTP:
            await _level(talk)
            return
        await send_code(talk)


class CheckCode(MariaAction):
    """Three tries, five minutes, then locked; the lock closes this step, not the conversation."""

    action_name = "action_check_code"

    async def act(self, talk: Conversation) -> None:
        """Right, wrong, expired or locked; what cannot be a code costs no try."""
        if not looks_like_code(str(talk.given)):
            talk.say("utter_not_a_code")
            talk.reject()
            return
        talk.tells("code", str(talk.given))
        checked = await talk.services.identity.check_code(talk.contact, contract_of(talk), str(talk.given))
        if checked.ok:
            await follow(talk, contract_of(talk))
            await _level(talk)
        elif checked.locked_until:
            say_locked(talk, checked.locked_until)
        elif checked.expired:
            talk.say("utter_code_expired")
            talk.reject()
        else:
            key = "utter_code_wrong_one_left" if checked.tries_left == 1 else "utter_code_wrong"
            talk.say(key, left=checked.tries_left)
            talk.reject()


class CodeNotReceived(MariaAction):
    """It did not arrive: another one, by the other way where there is one."""

    action_name = "action_code_not_received"

    async def act(self, talk: Conversation) -> None:
        """Send again."""
        prefer = talk.entities.get("channel")
        await send_code(talk, again=True, prefer=str(prefer) if prefer in ("sms", "email") else None)
