"""A rating in AGORA's own figures (agora.md section 8): its question, our answer to it, and a visible attribute."""

from __future__ import annotations

from handoff import mapping
from handoff.client import AgoraClient
from services.handoff.port import DeskRefused, Rating


async def rate(client: AgoraClient, conversation: int, uuid: str | None, rating: Rating) -> None:
    """Write it; what an earlier attempt did is found and not done again.

    Outgoing lines do not open a resolved conversation again; an incoming one would.

    Raises:
        DeskRefused: later than 14 days, or without the conversation's uuid.
    """
    path = f"conversations/{conversation}"
    if not uuid:
        raise DeskRefused("rating: no uuid")
    if not await _is_asked(client, path, rating.source):
        await client.post(f"{path}/messages", _question(rating))
    answer = {"rating": rating.stars, "feedback_message": rating.words}
    await client.put_public(f"csat_survey/{uuid}", {"message": {"submitted_values": {"csat_survey_response": answer}}})
    there = mapping.mapping(mapping.mapping(await client.get(path)).get("custom_attributes"))
    attributes = {**there, "csat": str(rating.stars)}
    await client.post(f"{path}/custom_attributes", {"custom_attributes": attributes})


def _question(rating: Rating) -> dict[str, object]:
    shown = {"content_type": "input_csat", "content_attributes": {"display_type": "emoji"}}
    return {"content": rating.question, "message_type": "outgoing", "source_id": rating.source, **shown}


async def _is_asked(client: AgoraClient, path: str, source: str) -> bool:
    """Among the newest lines: nothing is said there any more once it is over."""
    newest = mapping.mapping(await client.get(f"{path}/messages")).get("payload") or []
    return any(mapping.mapping(line).get("source_id") == source for line in newest)
