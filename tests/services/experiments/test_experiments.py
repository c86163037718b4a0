"""The lot falls the same way for ever, in the proportion of the weights, and apart for each experiment."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from services.experiments.assignment import Experiment, variant
from services.experiments.service import BadExperiment, Experiments

FILE = Path(__file__).parents[3] / "data" / "knowledge" / "experiments.yml"
CONTACTS = [f"{n:032x}" for n in range(4000)]


def test_a_contact_keeps_its_variant_and_the_weights_are_kept() -> None:
    experiment = Experiment("x", {"a": 3, "b": 1, "never": 0})
    drawn = {contact: variant(contact, experiment) for contact in CONTACTS}
    assert drawn == {contact: variant(contact, experiment) for contact in CONTACTS}
    counts = Counter(drawn.values())
    assert counts["never"] == 0
    assert 0.72 < counts["a"] / len(CONTACTS) < 0.78  # 0.75; the seed is the hash, so this cannot flicker


def test_the_hash_itself_is_pinned_for_a_change_would_reshuffle_everybody() -> None:
    experiment = Experiment("register", {"usted": 1, "tu": 1})
    assert [variant(c, experiment) for c in ("a", "b", "c", "d", "e", "f")] == [
        "usted",
        "usted",
        "tu",
        "tu",
        "usted",
        "usted",
    ]


def test_two_experiments_are_drawn_apart() -> None:
    one, two = Experiment("one", {"a": 1, "b": 1}), Experiment("two", {"a": 1, "b": 1})
    same = sum(variant(c, one) == variant(c, two) for c in CONTACTS)
    assert 0.45 < same / len(CONTACTS) < 0.55


def test_the_first_variant_is_for_all_while_it_does_not_run() -> None:
    resting = Experiments.read(FILE)
    assert {resting.variant(c, "payment_methods_order") for c in CONTACTS[:50]} == {"oxxo_first"}
    assert {resting.register(c, "tu") for c in CONTACTS[:50]} == {"tu"}


def test_what_the_setting_names_runs() -> None:
    running = Experiments.read(FILE, "register, payment_methods_order")
    assert {running.variant(c, "payment_methods_order") for c in CONTACTS[:50]} == {"oxxo_first", "spei_first"}
    assert {running.register(c, "usted") for c in CONTACTS[:50]} == {"usted", "tu"}


def test_a_wrong_name_or_weight_is_refused_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(BadExperiment, match="no_such"):
        Experiments.read(FILE, "no_such")
    bad = tmp_path / "bad.yml"
    bad.write_text("experiments: {greeting: {variants: {a: 0, b: 0}}}", encoding="utf-8")
    with pytest.raises(BadExperiment, match="greeting"):
        Experiments.read(bad)
