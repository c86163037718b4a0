"""The citizen's own meter reading: repeated, compared with the last one, confirmed, handed in once."""

from __future__ import annotations

import re

from actions.base import Conversation, MariaAction
from services.errors import ServiceError

ODD_M3 = 150  # a household that used more than this since the last reading should look again


class CheckReading(MariaAction):
    """Plausible against the last reading."""

    action_name = "action_check_reading"

    async def act(self, talk: Conversation) -> None:
        """Say what is odd; the citizen decides."""
        digits = re.sub(r"\D", "", str(talk.given))
        if not digits or len(digits) > 7:
            talk.say("utter_reading_no_number")
            talk.reject()
            return
        shown, last = int(digits), await self._last(talk)
        if last is not None and not last <= shown <= last + ODD_M3 and talk.details.get("odd") != digits:
            talk.say("utter_reading_odd", shown=f"{shown:,}", last=f"{last:,}")
            talk.settle(odd=digits)
            talk.reject()
            return
        talk.settle(reading=digits)

    @staticmethod
    async def _last(talk: Conversation) -> int | None:
        try:
            readings = await talk.services.aquasis.readings(str(talk.contract))
        except ServiceError:
            return None
        return readings[-1].register_m3 if readings else None


class ConfirmReading(MariaAction):
    """The number, the last one, and the difference."""

    action_name = "action_confirm_reading"

    async def act(self, talk: Conversation) -> None:
        """One yes."""
        shown = int(talk.details["reading"])
        readings = await talk.services.aquasis.readings(str(talk.contract))
        if not readings:
            talk.say("utter_confirm_first_reading", shown=f"{shown:,}")
            return
        last = readings[-1].register_m3
        talk.say("utter_confirm_reading", shown=f"{shown:,}", last=f"{last:,}", used=shown - last)


class CheckReadingOk(MariaAction):
    """Yes goes on; no asks for the number again."""

    action_name = "action_check_reading_ok"

    async def act(self, talk: Conversation) -> None:
        """Settle or go back."""
        if talk.given == "yes":
            talk.settle(reading_ok="yes")
        else:
            talk.ask_again("reading")


class ReadMeterPhoto(MariaAction):
    """Dials are not read by machine here; the photo is kept and the number asked for."""

    action_name = "action_read_meter_photo"

    async def act(self, talk: Conversation) -> None:
        """Say so honestly."""
        talk.say("utter_meter_photo_received")
        talk.reject()


class HandInReading(MariaAction):
    """The write, once."""

    action_name = "action_meter_reading"

    async def act(self, talk: Conversation) -> None:
        """Said only after Aquasis took it."""
        contract = str(talk.contract)
        await talk.services.identity.require(talk.contact, contract, "meter_reading")
        shown = int(talk.details["reading"])
        await talk.services.aquasis.submit_reading(contract, shown, talk.services.clock.local())
        talk.say("utter_reading_taken", shown=f"{shown:,}")
