"""The citizen's own meter reading: repeated, compared with the last one, confirmed, handed in once."""

from __future__ import annotations

import asyncio
import re

from actions.base import Conversation, MariaAction
from services.errors import ServiceError
from services.reading.meter import read_meter

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
    """The number on a photo of the meter, read and then confirmed by the citizen."""

    action_name = "action_read_meter_photo"

    async def act(self, talk: Conversation) -> None:
        """Offer what was read as a button; where nothing can be read, ask for the number."""
        file = await talk.services.media.get(str(talk.given), talk.contact)
        shown = await asyncio.to_thread(read_meter, file.content, file.mime)
        talk.reject()
        if shown is None:
            talk.say("utter_meter_photo_received")
            return
        yes = {"title": talk.services.texts.get("yes_that_one"), "payload": f'/inform{{"reading_m3": "{shown}"}}'}
        talk.say("utter_meter_photo_read", shown=f"{shown:,}", options=[yes])


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
