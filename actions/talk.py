"""Around the errands: greeting, choosing between two guesses, anger, danger, what is not María's."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

from actions.base import Conversation, MariaAction
from actions.case import is_open, request
from actions.general_information import facts
from actions.labels import errand_title
from services.errors import ServiceError


class Greet(MariaAction):
    """The first time she says who she is; later only hello."""

    action_name = "action_greet"

    async def act(self, talk: Conversation) -> None:
        """With a linked contract she offers it."""
        if talk.metadata.get("first_contact"):
            talk.say("utter_greet_first")
            return
        talk.say("utter_greet_again")


class Clarify(MariaAction):
    """Two good guesses, offered in the citizen's words."""

    action_name = "action_clarify"

    async def act(self, talk: Conversation) -> None:
        """As buttons, with a way out."""
        options = [
            {"title": errand_title(talk, intent), "payload": f"/{intent}"} for intent in talk.state.get("options", [])
        ]
        options.append({"title": talk.services.texts.get("something_else"), "payload": "/menu_help"})
        talk.say("utter_clarify", options=options)


class Anger(MariaAction):
    """Names the problem, not the manners; strong or repeated anger is offered a person first."""

    action_name = "action_anger"

    async def act(self, talk: Conversation) -> None:
        """No scolding."""
        talk.say("utter_anger_again" if talk.state.get("upset") else "utter_anger")


class SelfHarm(MariaAction):
    """A human answer first and the right number; everything else stops."""

    action_name = "action_self_harm"

    async def act(self, talk: Conversation) -> None:
        """The line is free and open day and night; a person of CEA is told with the highest priority."""
        talk.say("utter_self_harm")
        talk.outcome["forget"] = True
        with suppress(ServiceError):  # her words and the line have been given; that somebody was told only if it is so
            if await is_open(talk, await request(talk, "self_harm")):
                talk.say("utter_self_harm_person")


class ChangeRegister(MariaAction):
    """Usted or tú, as the citizen prefers, from now on."""

    action_name = "action_change_register"

    async def act(self, talk: Conversation) -> None:
        """Kept with the contact, and in force within this very answer."""
        register: Literal["usted", "tu"] = "tu" if talk.entities["register"] == "tu" else "usted"
        await talk.services.contacts.set_register(talk.contact, register)
        talk.slots["register"] = register
        talk.say(f"utter_from_now_{register}")


class OutOfScope(MariaAction):
    """Who does it, if that is known; never a lecture."""

    action_name = "action_out_of_scope"

    async def act(self, talk: Conversation) -> None:
        """From the same entries as the frequent questions."""
        if talk.entities.get("language") == "en":
            talk.say("utter_english")
            return
        found = talk.services.faq.find(talk.text, "out_of_scope")
        if found:
            talk.say("utter_not_ours", answer=found.said(talk.register, **facts(talk)))
        else:
            talk.say("utter_out_of_scope")
