"""Report a fault: kind, place, photo; danger first. The folio is said only once a system has given it."""

from __future__ import annotations

from typing import Any

from actions.base import Conversation, MariaAction
from actions.outage import zone_of_contract
from services.aquasis.model import ServiceState
from services.errors import ServiceError
from services.knowledge.places import in_the_state
from services.service_requests.service import Report

MINE = ("no_water", "low_pressure", "water_quality", "meter")
SHORTEST_PLACE, LONGEST_PLACE = 6, 300


class SettleScope(MariaAction):
    """Whether it is about one's own contract or the street; nearly always clear without asking."""

    action_name = "action_settle_scope"

    async def act(self, talk: Conversation) -> None:
        """By the kind of fault."""
        talk.settle(scope="mine" if talk.details.get("fault") in MINE else "street")


class ExplainNoWater(MariaAction):
    """A known outage or a cut-off explains why there is no water, and no report is needed."""

    action_name = "action_explain_no_water"

    async def act(self, talk: Conversation) -> None:
        """Say why, before anything else is asked; where nothing is known the report goes on."""
        if not await explain_no_water(talk, str(talk.contract)):
            talk.settle(cause="unknown")


async def explain_no_water(talk: Conversation, contract: str) -> bool:
    """Say why there is no water where the systems know it; the errand is then over."""
    try:
        state = (await talk.services.aquasis.service_point(contract)).state
        zone = await zone_of_contract(talk, contract)
        outages = await talk.services.outages.at(zone) if zone else []
    except ServiceError:
        return False
    if state is ServiceState.CUT_FOR_DEBT:
        balance = await talk.services.billing.balance(contract)
        total = talk.services.formats.money(balance.total)
        talk.say("utter_no_water_cut_for_debt", total=total, contract=contract)
    elif active := [o for o in outages if o.kind == "active"]:
        back = active[0].expected_return
        facts: dict[str, Any] = {"zone": str(zone), "cause": active[0].cause, "supply": ""}
        if back:
            talk.say("utter_outage_active", back=talk.services.formats.moment(back), **facts)
        else:
            talk.say("utter_outage_active_no_time", **facts)
    else:
        return False
    talk.end()
    return True


class AskPlace(MariaAction):
    """The street and colonia, or the location the phone can share."""

    action_name = "action_ask_place"

    async def act(self, talk: Conversation) -> None:
        """Danger: stay away, call 911, and only the street. Somebody fragile: kind words first."""
        if talk.details.get("care") == "fragile":
            talk.say("utter_ask_place_fragile")
        elif talk.details.get("urgent") == "yes":
            talk.say("utter_ask_place_danger")
        else:
            talk.say("utter_ask_place", custom={"kind": "location_request"})


class CheckPlace(MariaAction):
    """Words that can be a place, or a point in the state."""

    action_name = "action_check_place"

    async def act(self, talk: Conversation) -> None:
        """Settle it, or say what is missing."""
        given: Any = talk.given
        if isinstance(given, dict):
            latitude, longitude = float(given["latitude"]), float(given["longitude"])
            if not in_the_state(latitude, longitude):
                talk.say("utter_place_far_away")
                talk.reject()
                return
            name = str(given.get("place_name") or talk.services.texts.get("here_location"))
            talk.settle(place={"words": name, "latitude": latitude, "longitude": longitude})
            return
        words = " ".join(str(given).split())[:LONGEST_PLACE]
        if len(words) < SHORTEST_PLACE:
            talk.say("utter_place_too_short")
            talk.reject()
            return
        talk.settle(place={"words": words})


class ConfirmPlace(MariaAction):
    """Shown back before anybody is sent."""

    action_name = "action_confirm_place"

    async def act(self, talk: Conversation) -> None:
        """An emergency is not held up by a question."""
        place = talk.details["place"]
        if talk.details.get("urgent") == "yes":
            talk.settle(place_ok="yes")
        elif "latitude" in place:
            talk.say("utter_confirm_location")
        else:
            talk.say("utter_confirm_place", place=place["words"])


class CheckPlaceOk(MariaAction):
    """Yes goes on; no asks for the place again."""

    action_name = "action_check_place_ok"

    async def act(self, talk: Conversation) -> None:
        """Settle or go back."""
        if talk.given == "yes":
            talk.settle(place_ok="yes")
        else:
            talk.ask_again("place")


class CheckPhoto(MariaAction):
    """A photo, none, or "yes, I will": then it is waited for."""

    action_name = "action_check_photo"

    async def act(self, talk: Conversation) -> None:
        """The photo is asked for once and never blocks."""
        if talk.given == "asked":
            talk.say("utter_photo_waiting")
            talk.reject()
            return
        talk.settle(photo=str(talk.given))


class CreateRequest(MariaAction):
    """Aquasis for one's own contract, AGORA for the street."""

    action_name = "action_service_request"

    async def act(self, talk: Conversation) -> None:
        """The folio as the system gives it; a leak inside the house is the household's, with a test to find it."""
        details = talk.details
        if details.get("where") == "inside":
            talk.say("utter_leak_inside")
            return
        report = self._report(talk)
        if report.contract:
            await talk.services.identity.require(talk.contact, report.contract, "own_service_request")
        kept = await talk.services.requests.create(report, key=f"{talk.turn_id}:request")
        fault = talk.services.texts.table("fault_names")[report.fault]
        urgent = "utter_request_fragile" if details.get("care") == "fragile" else "utter_request_urgent"
        key = urgent if report.urgent else "utter_request_created"
        talk.say(key, folio=kept.folio, fault=fault.capitalize(), place=report.place)

    @staticmethod
    def _report(talk: Conversation) -> Report:
        details = talk.details
        place = details.get("place") or {}
        own = details.get("scope") == "mine" and talk.contract
        words = place.get("words") or talk.services.texts.get("own_address", contract=talk.contract)
        if where := talk.services.texts.table("where_names").get(str(details.get("where"))):
            words = f"{words} ({where})"
        photo = details.get("photo")
        return Report(
            contact=talk.contact,
            fault=str(details.get("fault") or "other"),
            place=words,
            urgent=details.get("urgent") == "yes",
            contract=talk.contract if own else None,
            latitude=place.get("latitude"),
            longitude=place.get("longitude"),
            media=(photo,) if photo and photo != "none" else (),
            phone=talk.phone,
            note=talk.services.texts.table("fragile_names").get(str(details.get("who")), ""),
        )
