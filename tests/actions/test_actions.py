"""The action server and the domain name the same actions; a crash never repeats what a citizen said."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import yaml

from actions.owed import shares
from runtime.actions import action_classes, build_app
from services.aquasis.model import Bill, BillState
from services.bootstrap import Services

ROOT = Path(__file__).parents[2]


def test_every_action_of_the_domain_exists_and_every_action_is_in_the_domain() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(c.action_name for c in action_classes()) == sorted(domain["actions"])


def call(action: str) -> dict[str, Any]:
    message = {"text": "mi telefono es 4425550163", "intent": {"name": "inform"}, "entities": [], "metadata": {}}
    tracker = {"sender_id": "c1", "slots": {}, "latest_message": message, "events": [], "paused": False}
    tracker |= {"followup_action": None, "active_loop": {}, "latest_action_name": None, "latest_input_channel": "w"}
    return {"next_action": action, "sender_id": "c1", "tracker": tracker, "domain": {}, "version": "3.6.21"}


@pytest.fixture
async def server() -> Any:
    app = build_app(cast(Services, object()))  # no service at all: whatever is touched breaks
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://actions") as client:
            yield client


async def test_a_crash_is_a_500_without_the_message(
    server: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await server.post("/webhook", json=call("action_balance"))
    assert answer.status_code == 500
    assert "4425550163" not in answer.text
    assert "4425550163" not in caplog.text


async def test_an_unknown_action_is_a_404(server: httpx.AsyncClient) -> None:
    assert (await server.post("/webhook", json=call("action_that_is_not"))).status_code == 404


def test_an_amount_covers_the_oldest_bills_first() -> None:
    from datetime import date
    from decimal import Decimal

    october = Bill("o", date(2026, 10, 1), Decimal("486.00"), BillState.PENDING)
    september = Bill("s", date(2026, 9, 1), Decimal("448.50"), BillState.OVERDUE)
    covered = shares((october, september), 50_000)
    assert [(s.number, s.amount_centavos) for s in covered] == [("s", 44_850), ("o", 5_150)]
    assert sum(s.amount_centavos for s in shares((october, september), 93_450)) == 93_450
    just_october = shares((october, september), 48_600, first="o")
    assert [(s.number, s.amount_centavos) for s in just_october] == [("o", 48_600)]
    assert [s.number for s in shares((october, september), 48_600, first="gone")] == ["s", "o"]
