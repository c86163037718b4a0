"""The person in AGORA of these conversations: Laura, with an agent's own token."""

from __future__ import annotations

from typing import Any

import httpx

from tests.system.maria import Maria

BASE = "/agora/api/v1/accounts/2/conversations"
LAURA = {"Api-Access-Token": "sandbox-agora-laura"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def conversation(maria: Maria, who: str) -> dict[str, Any]:
    """The citizen's newest one, with all its messages."""
    everything = maria.sandbox.get("/control/agora/conversations").json()
    mine = [c for c in everything if (c["meta"]["sender"]["phone_number"] or "").endswith(who[-10:])]
    assert mine, f"AGORA has no conversation of {who}"
    return max(mine, key=lambda c: c["id"])


def act(maria: Maria, who: str, what: dict[str, Any]) -> None:
    """What the agent does, in this order: answer, send, note, end."""
    url = f"{BASE}/{conversation(maria, who)['id']}"
    if "sends" in what:
        part = ("attachments[]", (str(what["sends"]), PDF, "application/pdf"))
        data = {"content": str(what["says"])} if "says" in what else {}
        _done(maria.sandbox.post(f"{url}/messages", data=data, files=[part], headers=LAURA))
    elif "says" in what:
        _done(maria.sandbox.post(f"{url}/messages", json={"content": what["says"]}, headers=LAURA))
    if "notes" in what:
        note = {"content": what["notes"], "private": True}
        _done(maria.sandbox.post(f"{url}/messages", json=note, headers=LAURA))
    for word, status in (("resolves", "resolved"), ("returns", "pending")):
        if what.get(word):
            _done(maria.sandbox.post(f"{url}/toggle_status", json={"status": status}, headers=LAURA))


def check(maria: Maria, who: str, step: dict[str, Any], where: str) -> None:
    """Wait until everything that should be is on the agent's screen."""
    wanted = step.get("agent_sees", [])
    for part in wanted if isinstance(wanted, list) else [wanted]:
        if isinstance(part, dict) and "not" in part:
            assert part["not"] not in screen(maria, who), f"{where}: «{part['not']}» is on the agent's screen"
            continue
        named = ": ".join(map(str, next(iter(part.items())))) if isinstance(part, dict) else str(part)
        try:
            maria.wait_for(lambda named=named: named in screen(maria, who), 15, named)  # type: ignore[misc]
        except AssertionError as error:
            raise AssertionError(f"{where}: «{named}» is not on the agent's screen:\n{screen(maria, who)}") from error


def screen(maria: Maria, who: str) -> str:
    """Everything an agent can read there."""
    talk = conversation(maria, who)
    lines = [f"etiqueta: {label}" for label in talk["labels"]]
    lines.append(f"equipo: {(talk['meta'].get('team') or {}).get('name')}")
    lines.append(f"prioridad: {talk['priority']}")
    lines.append(f"estado: {talk['status']}")
    for message in talk["messages"]:
        lines.append(message["content"] or "")
        lines += [f"archivo: {file['file_type']}" for file in message.get("attachments", [])]
        lines.append(f"entrega: {message['status']}" if message["message_type"] == 1 else "")
    return "\n".join(lines)


def _done(answer: httpx.Response) -> None:
    assert answer.status_code == 200, answer.text
