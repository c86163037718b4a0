"""Where water is or will be missing; none found: the contract's own cut-off, and the offer to report."""

from __future__ import annotations

import json
from typing import Any

from actions.base import Conversation, MariaAction
from services.aquasis.model import ServiceState
from services.errors import ServiceError
from services.knowledge.places import in_the_state
from services.outages.service import Outage


async def zone_of_contract(talk: Conversation, contract: str) -> str | None:
    """The colonia where the contract's water is, as the billing system writes it."""
    try:
        known = await talk.services.aquasis.contract(contract)
    except ServiceError:
        return None
    zone = talk.services.places.zone(known.locality)
    return zone.name if zone else known.locality.title()


class AskZone(MariaAction):
    """Nothing is asked when the contract is known."""

    action_name = "action_ask_zone"

    async def act(self, talk: Conversation) -> None:
        """From the contract of this errand, else the question."""
        contract = talk.contract if talk.contract and talk.contract.isdigit() else None
        zone = await zone_of_contract(talk, contract) if contract else None
        if zone:
            talk.settle(zone=zone)
            return
        talk.say("utter_ask_zone")


class CheckZone(MariaAction):
    """A name with typos, a postcode, a location, or a place that CEA does not serve."""

    action_name = "action_check_zone"

    async def act(self, talk: Conversation) -> None:
        """Settle the zone, offer the likely ones, or say who serves it."""
        given = talk.given
        if isinstance(given, dict):
            self._located(talk, given)
            return
        zone = talk.services.places.zone(str(given))
        if zone and zone.served_by != "CEA":
            talk.say("utter_zone_not_served", zone=zone.name, who=zone.served_by)
            talk.end()
        elif zone:
            talk.settle(zone=zone.name, postcode=zone.postcode, municipality=zone.municipality)
        else:
            self._guess(talk, str(given))

    @staticmethod
    def _located(talk: Conversation, place: dict[str, Any]) -> None:
        """A point says where somebody is, not what the colonia is called."""
        if not in_the_state(float(place["latitude"]), float(place["longitude"])):
            talk.say("utter_place_far_away")
        else:
            talk.say("utter_ask_zone_name")
        talk.reject()

    @staticmethod
    def _guess(talk: Conversation, said: str) -> None:
        options = [
            {"title": z.name[:20], "payload": f"/inform{json.dumps({'zone': z.name}, ensure_ascii=False)}"}
            for z in talk.services.places.guesses(said)
        ]
        talk.say("utter_zone_guess" if options else "utter_zone_unknown", options=options, zone=said[:40])
        talk.reject()


class TellOutage(MariaAction):
    """Level 0."""

    action_name = "action_outage"

    async def act(self, talk: Conversation) -> None:
        """Active ones first; at most two are told."""
        zone = str(talk.details.get("zone"))
        found = await talk.services.outages.at(zone, str(talk.details.get("postcode") or ""))
        for outage in found[:2]:
            self._say(talk, outage, zone)
        if not found and not await self._own_cut(talk):
            talk.say("utter_no_outage", zone=zone, fresh=talk.services.formats.freshness())

    @staticmethod
    def _say(talk: Conversation, outage: Outage, zone: str) -> None:
        formats = talk.services.formats
        facts: dict[str, Any] = {"zone": zone, "cause": outage.cause, "start": formats.moment(outage.starts_at)}
        extra = ""
        if outage.alternative_supply:
            extra = "\n" + talk.services.texts.get("meanwhile", supply=outage.alternative_supply)
        facts["supply"] = extra
        if outage.expected_return:
            facts["back"] = formats.moment(outage.expected_return)
            talk.say("utter_outage_active" if outage.kind == "active" else "utter_outage_planned", **facts)
        else:
            talk.say("utter_outage_active_no_time", **facts)

    @staticmethod
    async def _own_cut(talk: Conversation) -> bool:
        """Whether this contract itself is cut off; said only where the contract is known."""
        contract = talk.contract
        if not contract or not contract.isdigit():
            return False
        try:
            state = (await talk.services.aquasis.service_point(contract)).state
        except ServiceError:
            return False
        if state is ServiceState.CUT_FOR_DEBT:
            talk.say("utter_no_outage_but_cut_for_debt", contract=contract)
        elif state is ServiceState.CUT_OTHER:
            talk.say("utter_no_outage_but_cut", contract=contract)
        return state in (ServiceState.CUT_FOR_DEBT, ServiceState.CUT_OTHER)
