"""The inbox made ready: agents see the window and can pick what re-opens it."""

from __future__ import annotations

from handoff.setup import prepare
from tests.handoff.conftest import House


async def test_the_inbox_is_made_ready(house: House) -> None:
    inbox = house.agora.store.directory.inbox
    inbox.reply_window_hours = None
    await prepare(house.parts.settings, house.http)
    assert inbox.webhook_url == f"{house.parts.settings.edge_url}/webhooks/agora"
    assert inbox.reply_window_hours == 24
    followup = next(t for t in inbox.templates if t["name"] == "handoff_followup")
    assert followup["status"] == "approved"
    assert [c["type"] for c in followup["components"]] == ["BODY", "FOOTER", "BUTTONS"]
