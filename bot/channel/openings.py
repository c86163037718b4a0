"""Lines that open an answer, in the same bubble: kind words for anger, a word about the language.

Which ones, and in which wording, the plan says (`State.opening`); the words are ordinary responses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.domain import Domain

CONDITION = "condition"
Reply = dict[str, Any]


def open_with(replies: list[Reply], domain: Domain, opening: Mapping[str, int], register: str) -> list[Reply]:
    """Put the lines before the first text of the turn, and beside it the buttons they offer."""
    first = next((i for i, reply in enumerate(replies) if reply.get("text")), None)
    lines = [_wording(domain, key, number, register) for key, number in opening.items()]
    if first is None or not lines:
        return replies
    reply = replies[first]
    spoken = {**reply, "text": "\n".join([*(str(line["text"]) for line in lines), reply["text"]])}
    offered = [_plain(button) for line in lines for button in line.get("buttons", ())]
    if buttons := _beside(reply.get("buttons") or [], offered):
        spoken["buttons"] = buttons
    return [*replies[:first], spoken, *replies[first + 1 :]]


def _wording(domain: Domain, key: str, number: int, register: str) -> Mapping[str, Any]:
    """The register's wordings in turn, so that the same words do not come twice in a row."""
    wordings = domain.responses[key]
    mine = [w for w in wordings if any(c["value"] == register for c in w.get(CONDITION) or ())]
    fitting = mine or [w for w in wordings if not w.get(CONDITION)]
    return fitting[number % len(fitting)]


def _plain(button: Mapping[str, Any]) -> Reply:
    """As Rasa gives a button out: doubled braces are single ones."""
    return {**button, "payload": button["payload"].replace("{{", "{").replace("}}", "}")}


def _beside(own: list[Any], offered: list[Any]) -> list[Any]:
    """The reply's own choices first; with choices of its own, "go on" would be one too many."""
    taken = {button["payload"] for button in own}
    new = [button for button in offered if button["payload"] not in taken]
    return [*own, *(new[:1] if own else new)]
