"""What a call of an action counts as."""

from __future__ import annotations

import pytest

from actions.counting import doers, events_of
from services.analytics.events import Event

HEARD = {"name": "inform", "confidence": 0.91234}


@pytest.mark.parametrize(
    ("action", "outcome", "failed", "kind"),
    [
        ("action_check_contract", {"contract": "455123"}, False, "step"),
        ("action_bill", {}, False, "done"),
        ("action_bill", {"ask": "period"}, False, "step"),
        ("action_bill", {"end": True}, True, "failed"),
        ("action_check_contract", {"end": True}, False, "ended"),
    ],
)
def test_an_errands_state(action: str, outcome, failed: bool, kind: str) -> None:
    assert doers()["bill_request"] == "action_bill"
    found = events_of(action, "bill_request", HEARD, outcome, {}, failed=failed)
    assert found == [Event("heard", "inform", value=0.912), Event(kind, "bill_request")]


def test_levels_variants_and_handoffs() -> None:
    outcome = {"levels": {"455123": "contact"}}
    found = events_of("action_check_contact", "", {}, outcome, {"payment_methods_order": "spei_first"}, failed=False)
    assert found == [Event("exposed", "payment_methods_order", "spei_first"), Event("level", "contact")]
    found = events_of("action_handoff", "bill_request", {"name": "handoff_request"}, {}, {}, failed=False)
    assert found[-1] == Event("handoff", "handoff_request", "bill_request")
    assert "455123" not in repr(events_of("action_check_contact", "", {}, outcome, {}, failed=False))
