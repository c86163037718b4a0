"""`python -m handoff.setup`: makes AGORA's inbox ready for María, once and when templates change (agora.md 3 and 6).

Needs an administrator's token (AGORA_ADMIN_TOKEN), and only for this.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
import yaml

from handoff.client import AgoraClient
from services.bootstrap import DATA, KNOWLEDGE
from services.errors import ServiceError
from services.handoff.rules import Rules
from services.settings import Settings, get_settings

WINDOW_HOURS = 24


def templates(rows: Iterable[Mapping[str, Any]], names: list[str]) -> list[dict[str, Any]]:
    """Those that agents may pick, in Meta's shape."""
    return [_template(row) for row in rows if row["name"] in names]


def _template(row: Mapping[str, Any]) -> dict[str, Any]:
    components: list[dict[str, Any]] = [{"type": "BODY", "text": row["body"]}]
    if row.get("footer"):
        components.append({"type": "FOOTER", "text": row["footer"]})
    if row.get("buttons"):
        buttons = [{"type": "QUICK_REPLY", "text": text} for text in row["buttons"]]
        components.append({"type": "BUTTONS", "buttons": buttons})
    known = {"name": row["name"], "language": row["language"], "category": row["category"]}
    return {**known, "status": "approved", "components": components}


def inbox_settings(edge_url: str, rules: Rules, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Automatic texts off, one conversation an episode, our webhook, WhatsApp's window and its templates."""
    window = {"agent_reply_time_window": WINDOW_HOURS, "agent_reply_time_window_message": rules.not_delivered["window"]}
    return {
        "greeting_enabled": False,
        "csat_survey_enabled": False,
        "lock_to_single_conversation": False,
        "working_hours_enabled": True,
        "out_of_office_message": "",
        "channel": {
            "webhook_url": f"{edge_url.rstrip('/')}/webhooks/agora",
            "additional_attributes": {**window, "message_templates": templates(rows, rules.templates)},
        },
    }


async def prepare(settings: Settings, http: httpx.AsyncClient) -> None:
    """Write the settings.

    Raises:
        ServiceError: AGORA did not take them.
    """
    token = settings.agora_admin_token.get_secret_value()
    client = AgoraClient(http, settings.agora_url, settings.agora_account_id, token, token)
    rows = yaml.safe_load((DATA / "templates" / "whatsapp.yml").read_text(encoding="utf-8"))["templates"]
    body = inbox_settings(settings.edge_url, Rules.read(KNOWLEDGE / "handoff.yml"), rows)
    await client.patch(f"inboxes/{settings.agora_inbox_id}", body)


async def _main() -> int:
    settings = get_settings()
    if not settings.agora_admin_token.get_secret_value():
        sys.stderr.write("AGORA_ADMIN_TOKEN is not set.\n")
        return 2
    async with httpx.AsyncClient() as http:
        try:
            await prepare(settings, http)
        except ServiceError as error:
            sys.stderr.write(f"AGORA did not take it: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
