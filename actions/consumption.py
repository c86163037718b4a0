"""The water used: a chart, and the same in words."""

from __future__ import annotations

import asyncio
from typing import Any

from actions.base import Conversation, MariaAction
from actions.labels import where
from services.billing.chart import draw

PNG = "image/png"
LITRES = 1000


class ShowConsumption(MariaAction):
    """Level 1: cubic metres and what they mean."""

    action_name = "action_consumption"

    async def act(self, talk: Conversation) -> None:
        """An unusual rise says what it may be and what to check."""
        services, contract = talk.services, str(talk.contract)
        await services.identity.require(talk.contact, contract, "consumption_check")
        usage = await services.billing.usage(contract)
        picture = await asyncio.to_thread(draw, usage, services.formats, services.texts)
        media = await services.media.put(picture, PNG, "consumo.png", talk.contact)
        facts: dict[str, Any] = {
            "where": await where(talk, contract),
            "month": services.formats.month(usage.last.month),
            "used": usage.last.cubic_metres,
            "litres": f"{usage.last.cubic_metres * LITRES:,}",
            "average": usage.average,
            "usual": usage.usual,
        }
        if usage.before is None:
            talk.say("utter_consumption_first", image=media, **facts)
            return
        facts["before_month"] = services.formats.month(usage.before.month)
        facts["before"] = usage.before.cubic_metres
        if usage.is_unusual:
            talk.say("utter_consumption_unusual", image=media, **facts)
        elif usage.last.estimated:
            talk.say("utter_consumption_estimated", image=media, **facts)
        else:
            talk.say("utter_consumption", image=media, **facts)
