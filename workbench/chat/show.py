"""What arrives and what was understood, as lines for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FILES = ("image", "document", "video", "audio")


@dataclass(frozen=True)
class Choice:
    """A button or a list row; `kind` (button, list) is how the phone reports the tap."""

    kind: str
    id: str
    title: str
    description: str = ""


def choices(body: Mapping[str, Any]) -> list[Choice]:
    """What can be tapped in a Graph API body."""
    action = body.get("interactive", {}).get("action", {})
    found = [Choice("button", b["reply"]["id"], b["reply"]["title"]) for b in action.get("buttons", [])]
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    return found + [Choice("list", r["id"], r["title"], r.get("description") or "") for r in rows]


def media(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files a body carries, itself or in its header."""
    parts = [body, body.get("interactive", {}).get("header", {})]
    return [part[kind] for part in parts for kind in FILES if isinstance(part.get(kind), dict)]


def text(body: Mapping[str, Any]) -> str:
    """Its words, with the link or the place it carries."""
    kind = str(body["type"])
    part = body.get(kind, {})
    if kind != "interactive":
        where = f"{part.get('name', '')} {part['latitude']}, {part['longitude']}" if kind == "location" else ""
        return str(part.get("body") or part.get("caption") or where or f"({kind})")
    said = str(part["body"]["text"])
    footer = part.get("footer", {}).get("text")
    parameters = part["action"].get("parameters", {})
    link = f"→ {parameters['display_text']}: {parameters['url']}" if "url" in parameters else None
    place = "→ (botón: mandar mi ubicación; aquí: /ubicacion LAT LON)" if "location" in part["type"] else None
    return "\n".join(line for line in (said, footer, link, place) if line)


def understanding(seen: Mapping[str, Any]) -> list[str]:
    """Intent and runner-up, entities, the errand and what is asked next, the evidence held."""
    if not seen.get("intent"):
        return []
    return [_intent(seen), *_entities(seen), *_errand(seen), f"hizo      {' → '.join(_actions(seen)) or '(nada)'}"]


def _intent(seen: Mapping[str, Any]) -> str:
    ranking = [(r["name"], float(r["confidence"])) for r in seen["ranking"]]
    if not ranking or ranking[0] == (seen["intent"], 1.0):
        return f"entendió  {seen['intent']} (tocado o adjunto)"
    first, *rest = ranking
    second = f"   segunda: {rest[0][0]} {rest[0][1]:.2f}" if rest else ""
    return f"entendió  {first[0]} {first[1]:.2f}{second}"


def _entities(seen: Mapping[str, Any]) -> list[str]:
    """One item a span: what may be read several ways stands with all its kinds."""
    kinds: dict[tuple[int, int, str], list[str]] = {}
    for entity in seen["entities"]:
        kinds.setdefault((entity["start"], entity["end"], str(entity["value"])), []).append(entity["entity"])
    if not kinds:
        return []
    return ["datos     " + ", ".join(f"{'/'.join(names)}={value}" for (_, _, value), names in kinds.items())]


def _errand(seen: Mapping[str, Any]) -> Iterator[str]:
    state = seen["dialogue"]
    frame = state.get("frame") or {}
    if frame:
        asked = f", pregunta: {state['asking']}" if state.get("asking") else ""
        known = ", ".join(f"{name}={value}" for name, value in frame["details"].items() if name != "said")
        yield f"trámite   {frame['errand']}{asked}" + (f"   sabe: {known}" if known else "")
    elif state.get("last"):
        yield f"trámite   (ninguno abierto; el último: {state['last']['errand']})"
    if state.get("aside"):
        offered = " (ofrece seguir)" if state.get("offer") else ""
        yield f"pendiente {', '.join(f['errand'] for f in state['aside'])}{offered}"
    contract = frame.get("contract") or state.get("contract")
    if contract:
        yield f"contrato  {contract}, comprobado: {state.get('levels', {}).get(contract, 'anonymous')}"
    if state.get("misses"):
        yield f"fallos    {state['misses']} seguidos sin entender"


def _actions(seen: Mapping[str, Any]) -> Sequence[str]:
    return [name for name in seen["actions"] if name not in ("action_listen", "action_session_start")]
