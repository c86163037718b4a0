"""Whether two shares differ by more than chance would explain. Pure.

Fisher's exact test is right for small numbers too, where the usual z-test is not. It is looked at once, at the end:
looking every day until it says "yes" makes chance findings likely, so the report shows it only from a size on.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, sqrt

ENOUGH = 100  # people in each variant before a verdict is given
LEVEL = 0.05
Z95 = 1.959964


@dataclass(frozen=True)
class Share:
    """`hits` of `people`."""

    hits: int
    people: int

    @property
    def rate(self) -> float:
        """0..1; 0 of nobody."""
        return self.hits / self.people if self.people else 0.0

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval, 0..1; everything is possible for nobody."""
        if not self.people:
            return 0.0, 1.0
        n, p = self.people, self.rate
        middle, spread = p + Z95**2 / (2 * n), Z95 * sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))
        scale = 1 + Z95**2 / n
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def fisher(one: Share, other: Share) -> float:
    """The two-sided p-value of both shares being the same."""
    n, hits = one.people + other.people, one.hits + other.hits
    low, high = max(0, hits - other.people), min(hits, one.people)

    def chance(k: int) -> float:
        return exp(_log_choose(one.people, k) + _log_choose(other.people, hits - k) - _log_choose(n, hits))

    seen = chance(one.hits) * (1 + 1e-7)  # ties count, whatever the last digit says
    return min(1.0, sum(p for k in range(low, high + 1) if (p := chance(k)) <= seen))


def verdict(one: Share, other: Share, pairs: int = 1) -> str:
    """`too_few`, `no_difference` or `different`.

    Who compares three variants looks at three pairs, and chance has three tries: each pair must be that much surer
    (Bonferroni).
    """
    if min(one.people, other.people) < ENOUGH:
        return "too_few"
    return "different" if fisher(one, other) < LEVEL / pairs else "no_difference"
