"""Turning a linear classifier's scores into probabilities that mean what they say. Pure."""

from __future__ import annotations

import numpy as np

_TEMPERATURES = np.geomspace(0.05, 5, 80)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row-wise; shape (rows, classes)."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def best_temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """The divisor of left-out scores that makes the true classes (column numbers) likeliest."""
    rows = np.arange(len(truth))

    def loss(temperature: float) -> float:
        return float(-np.log(softmax(scores / temperature)[rows, truth] + 1e-12).mean())

    return float(min(_TEMPERATURES, key=loss))


def shift_for_share(margins: np.ndarray, share: float) -> float:
    """What to add to one class's score so that it wins `share` of the rows that are not of it.

    Args:
        margins: the best other score minus this class's score, for left-out rows of the other classes.
        share: between 0 and 1.
    """
    return float(np.quantile(margins, share))


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Mean gap between how sure and how right, over equal bins of confidence, weighted by their size."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        (which == b).mean() * abs(confidence[which == b].mean() - right[which == b].mean())
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))
