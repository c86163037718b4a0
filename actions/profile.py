"""Change e-mail, phone or paper: old and new shown masked, confirmed, done once."""

from __future__ import annotations

from typing import Any

from actions.base import Conversation, MariaAction
from actions.labels import of
from services.aquasis.model import Contract
from services.errors import NotFound
from services.identity.masking import mask_email, mask_phone

DELETE, DELETE_FISCAL = "delete_data", "delete_fiscal"
PAPERLESS = ("paperless_on", "paperless_off")


def _kind(value: Any) -> str:
    text = str(value)
    return "paperless" if text in PAPERLESS else "email" if "@" in text else "phone"


async def _known(talk: Conversation) -> Contract:
    if talk.contract is None:
        raise NotFound
    return await talk.services.aquasis.contract(talk.contract)


class AskNewValue(MariaAction):
    """What is to change, and to what."""

    action_name = "action_ask_new_value"

    async def act(self, talk: Conversation) -> None:
        """When the message already said which, only that is asked."""
        if talk.details.get("channel") == "email":
            talk.say("utter_ask_new_email")
        elif talk.details.get("channel") in ("sms", "whatsapp"):
            talk.say("utter_ask_new_phone")
        else:
            talk.say("utter_ask_what_to_change")


class CheckNewValue(MariaAction):
    """An e-mail, ten digits, or paper on and off; the same as before is no change."""

    action_name = "action_check_new_value"

    async def act(self, talk: Conversation) -> None:
        """Settle it, ask for the value behind a tapped choice, or say that nothing changes."""
        given = str(talk.given)
        if given in ("email", "phone"):
            talk.say(f"utter_ask_new_{given}")
            talk.reject()
            return
        known = await _known(talk)
        if not (given in PAPERLESS or "@" in given or given.isdigit()):  # a word that means something elsewhere
            talk.say("utter_ask_what_to_change")
            talk.reject()
            return
        same = {"email": known.email == given, "phone": given in known.phones}.get(_kind(given))
        if same or (given in PAPERLESS and known.paperless == (given == "paperless_on")):
            talk.say("utter_profile_same")
            talk.end()
            return
        talk.settle(new_value=given)


class ConfirmProfile(MariaAction):
    """Both values masked."""

    action_name = "action_confirm_profile"

    async def act(self, talk: Conversation) -> None:
        """One yes."""
        new, known = str(talk.details["new_value"]), await _known(talk)
        kind = _kind(new)
        place = await of(talk, str(talk.contract))
        if kind == "email":
            old = mask_email(known.email) if known.email else talk.services.texts.get("nothing_registered")
            talk.say("utter_confirm_email", old=old, new=mask_email(new), of=place)
        elif kind == "phone":
            ends = talk.services.texts.get
            old = ends("ends_in", digits=mask_phone(known.phones[0])) if known.phones else ends("nothing_registered")
            talk.say("utter_confirm_phone", old=old, new=ends("ends_in", digits=mask_phone(new)), of=place)
        else:
            talk.say(f"utter_confirm_{new}", of=place)


class CheckProfileOk(MariaAction):
    """Yes goes on; no changes nothing."""

    action_name = "action_check_profile_ok"

    async def act(self, talk: Conversation) -> None:
        """Settle or end."""
        if talk.given == "yes":
            talk.settle(profile_ok="yes")
        else:
            talk.say("utter_nothing_changed")
            talk.end()


class ChangeProfile(MariaAction):
    """The write, once; "cambié" only after Aquasis confirmed it."""

    action_name = "action_profile_update"

    async def act(self, talk: Conversation) -> None:
        """Evidence that hung on the old contact ends with it. Whoever wants data deleted is told who does that."""
        if talk.details.get("choice") == DELETE:
            talk.say("utter_delete_data")
            return
        if talk.details.get("choice") == DELETE_FISCAL:  # only what this chat gave itself, so it needs no proof
            gone = await talk.services.invoices.forget(talk.contact)
            talk.say("utter_fiscal_deleted" if gone else "utter_fiscal_none")
            return
        contract, new = str(talk.contract), str(talk.details["new_value"])
        await talk.services.identity.require(talk.contact, contract, "profile_update")
        kind = _kind(new)
        if kind == "email":
            await talk.services.aquasis.change_email(contract, new)
        elif kind == "phone":
            await talk.services.aquasis.change_phone(contract, new)
        else:
            await talk.services.aquasis.set_paperless(contract, new == "paperless_on")
        if kind != "paperless":
            await talk.services.identity.forget(talk.contact, contract)
        talk.say(f"utter_changed_{new if kind == 'paperless' else kind}")
