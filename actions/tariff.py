"""What water costs: worked out line by line, since when, and only with a source."""

from __future__ import annotations

from actions.base import Conversation, MariaAction
from services.errors import ServiceError
from services.knowledge.tariffs import Quote, quote

USUAL_VOLUME, MOST_M3 = 15, 5000


class TellTariff(MariaAction):
    """Level 0; a known contract gives use and zone."""

    action_name = "action_tariff"

    async def act(self, talk: Conversation) -> None:
        """For the volume that was named, else for an example."""
        use, zone = await self._use_and_zone(talk)
        tariff = talk.services.tariffs.find(use, zone)
        volume = self._volume(talk)
        result = quote(tariff, volume)
        name = talk.services.texts.table("uses")[use]
        formats = talk.services.formats
        talk.say(
            "utter_tariff_example" if tariff.is_example else "utter_tariff",
            volume=volume,
            use=name,
            lines=_lines(talk, result),
            drainage=formats.money(result.drainage + result.treatment),
            vat=formats.money(result.vat),
            total=formats.money(result.total),
            since=tariff.since,
        )

    @staticmethod
    def _volume(talk: Conversation) -> int:
        said = str(talk.details.get("volume_m3") or "")
        return min(int(said), MOST_M3) if said.isdigit() and int(said) > 0 else USUAL_VOLUME

    @staticmethod
    async def _use_and_zone(talk: Conversation) -> tuple[str, int | None]:
        said = talk.details.get("use")
        if said in ("domestic", "commercial"):
            return str(said), None
        if talk.contract and talk.contract.isdigit():
            try:
                known = await talk.services.aquasis.contract(talk.contract)
            except ServiceError:
                return "domestic", None
            return ("domestic" if known.use.startswith("DOMESTICO") else "commercial"), known.zone
        return "domestic", None


def _lines(talk: Conversation, result: Quote) -> str:
    formats, texts = talk.services.formats, talk.services.texts
    lines = []
    for line in result.lines:
        count = line.last - line.first + 1
        key = "tariff_first" if line.first == 1 else "tariff_more"
        lines.append(texts.get(key, count=count, price=formats.money(line.price), pesos=formats.money(line.pesos)))
    if result.water > sum((line.pesos for line in result.lines), start=type(result.water)()):
        lines.append(texts.get("tariff_minimum", pesos=formats.money(result.water)))
    return "\n".join(lines)
