"""Fisher's test against values computed by hand, and an honest verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics.significance import Share, fisher, verdict


def test_fishers_tea() -> None:
    assert fisher(Share(3, 4), Share(1, 4)) == pytest.approx(34 / 70)  # his own example, two-sided
    assert fisher(Share(4, 4), Share(0, 4)) == pytest.approx(2 / 70)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_it_is_symmetric_and_a_chance(a: int, b: int, c: int, d: int) -> None:
    one, other = Share(a, a + b), Share(c, c + d)
    assert 0 <= fisher(one, other) <= 1
    assert fisher(one, other) == pytest.approx(fisher(other, one))
    low, high = one.interval()
    assert 0 <= low <= one.rate <= high + 1e-9 or one.people == 0


def test_the_verdict_waits_for_enough_people() -> None:
    assert verdict(Share(40, 40), Share(0, 40)) == "too_few"
    assert verdict(Share(80, 200), Share(82, 200)) == "no_difference"
    assert verdict(Share(120, 200), Share(80, 200)) == "different"


def test_among_three_variants_each_pair_must_be_surer() -> None:
    one, other = Share(60, 120), Share(77, 120)
    assert 0.05 / 3 < fisher(one, other) < 0.05
    assert (verdict(one, other), verdict(one, other, pairs=3)) == ("different", "no_difference")
