"""Offices, hours, requirements, payment points, contact; the nearest office to a shared location."""

from __future__ import annotations

import json

from actions.base import Conversation, MariaAction
from services.knowledge.faq import Answer
from services.knowledge.places import in_the_state

MOST_TOPICS = 9


def facts(talk: Conversation) -> dict[str, str]:
    """What answers may name."""
    places = talk.services.places
    return {"tel_cea": talk.services.formats.phone(places.phone), "hours": places.offices[0].hours}


def answer(talk: Conversation, found: Answer) -> None:
    """Say an entry; where only a person does it, with the way to one, and why goes along."""
    tap = f"/handoff_request{json.dumps({'about': found.person})}"
    person = [{"title": talk.services.texts.get("talk_to_somebody"), "payload": tap}] if found.person else None
    talk.say("utter_answer", answer=found.said(talk.register, **facts(talk)), options=person)


class TellGeneralInformation(MariaAction):
    """Level 0."""

    action_name = "action_general_information"

    async def act(self, talk: Conversation) -> None:
        """A tapped topic, the best answer to what was asked, or the list of topics."""
        tapped = talk.entities.get("choice")
        asked = talk.text or str(talk.details.get("said") or "")
        found = talk.services.faq.by_id(str(tapped)) if tapped else talk.services.faq.find(asked)
        if found is None:
            self._topics(talk)
        elif found.topic == "offices":
            self._offices(talk)
        else:
            answer(talk, found)

    @staticmethod
    def _topics(talk: Conversation) -> None:
        shown = [e for e in talk.services.faq.entries if e.topic in ("information", "offices")][:MOST_TOPICS]
        options = [{"title": e.title, "payload": f"/general_information{json.dumps({'choice': e.id})}"} for e in shown]
        talk.say("utter_information_topics", options=options)

    @staticmethod
    def _offices(talk: Conversation) -> None:
        lines = "\n".join(
            talk.services.texts.get("office_line", name=o.name, address=o.address) for o in talk.services.places.offices
        )
        talk.say(
            "utter_offices",
            lines=lines,
            hours=talk.services.places.offices[0].hours,
            custom={"kind": "location_request"},
        )


class ByAPerson(MariaAction):
    """Connecting, ending or renaming a contract; a holder who died is spoken of first."""

    action_name = "action_new_connection"

    async def act(self, talk: Conversation) -> None:
        """What the words say more than that is a frequent question of its own."""
        reason = talk.services.handoffs.rules.reason(talk.text)
        found = talk.services.faq.by_id(reason) if reason else None
        if found and found.person == reason:
            answer(talk, found)
        else:
            talk.say("utter_new_connection_by_a_person")


class TellAdvice(MariaAction):
    """Water quality and saving water, from the same entries."""

    action_name = "action_advice"

    async def act(self, talk: Conversation) -> None:
        """The best entry of the topic, or its general one."""
        topic = talk.intent or "conservation_tips"
        general = talk.services.faq.by_id(topic)
        found = talk.services.faq.find(talk.text, topic) or general
        if found:
            talk.say("utter_answer", answer=found.said(talk.register, **facts(talk)))


class StrayMedia(MariaAction):
    """A photo, file or location that nobody asked for."""

    action_name = "action_stray_media"

    async def act(self, talk: Conversation) -> None:
        """A location gets the nearest office; a photo is asked what it is."""
        if talk.entities.get("latitude") is None:
            if talk.entities.get("media_error"):
                talk.say("utter_media_not_received")
            else:
                talk.say("utter_stray_photo")
            return
        latitude, longitude = float(talk.entities["latitude"]), float(talk.entities["longitude"])
        if not in_the_state(latitude, longitude):
            talk.say("utter_place_far_away")
            return
        office, km = talk.services.places.nearest(latitude, longitude)
        talk.say(
            "utter_nearest_office",
            name=office.name,
            address=office.address,
            hours=office.hours,
            km=f"{km:.1f}".removesuffix(".0"),
        )
