"""What a call of an action counts as."""

from __future__ import annotations

import pytest

from actions.counting import doers, events_of
from services.analytics.events import Event

HEARD = {"name": "inform", "confidence": 0.91234}


@pytest.mark.parametrize(
    ("action", "outcome", "failed", "kind"),
    [
        ("action_check_contract", {"contract": "455123"}, None, "step"),
        ("action_bill", {}, None, "done"),
        ("action_bill", {"ask": "period"}, None, "step"),
        ("action_bill", {"end": True}, "utter_aquasis_down", "failed"),
        ("action_check_contract", {"end": True}, None, "ended"),
    ],
)
def test_an_errands_state(action: str, outcome, failed: str | None, kind: str) -> None:
    assert doers()["bill_request"] == "action_bill"
    found = events_of(action, "bill_request", HEARD, outcome, {}, failed=failed)
    assert found == [Event("heard", "inform", value=0.912), Event(kind, "bill_request", failed)]


def test_levels_variants_and_handoffs() -> None:
    outcome = {"levels": {"455123": "contact"}}
    found = events_of("action_check_contact", "", {}, outcome, {"payment_methods_order": "spei_first"}, failed=None)
    assert found == [Event("exposed", "payment_methods_order", "spei_first"), Event("level", "contact")]
    handed = {"handoff": {"reason": "dispute", "errand": "bill_request"}}
    found = events_of("action_handoff", "", {"name": "handoff_request"}, handed, {}, failed=None)
    assert found[-1] == Event("handoff", "dispute", "bill_request")
    assert "455123" not in repr(events_of("action_check_contact", "", {}, outcome, {}, failed=None))
