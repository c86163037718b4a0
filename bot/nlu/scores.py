"""Scores of classes by kernel ridge regression. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from sklearn.model_selection import StratifiedKFold


@dataclass(frozen=True)
class Weights:
    """`sentences`: what each known sentence says for each class; `base`: what is said without any."""

    sentences: np.ndarray
    base: np.ndarray

    def scores(self, alike: np.ndarray) -> np.ndarray:
        """From likenesses of shape (messages, known) to shape (messages, classes)."""
        return np.asarray(alike @ self.sentences + self.base)


def fit(alike: np.ndarray, truth: np.ndarray, ridge: float, classes: int | None = None) -> Weights:
    """Learn from known sentences.

    A sentence of a small class weighs more, by the root of how much smaller it is: in full, large ones lost.

    Args:
        alike: shape (known, known), in C order; it is used up, since a second of its size would not fit beside it.
        truth: the class number of each.
        ridge: the penalty; larger trusts single sentences less.
        classes: how many there are, where the sentences may not have them all.
    """
    wanted = np.where(np.eye(classes or int(truth.max()) + 1)[truth] > 0, 1.0, -1.0)
    weight = 1 / np.sqrt(np.bincount(truth)[truth])
    weight /= weight.mean()
    base = np.average(wanted, axis=0, weights=weight)
    root = np.sqrt(weight).astype(alike.dtype)
    alike *= root[:, None]
    alike *= root
    alike[np.diag_indices_from(alike)] += ridge
    factor = cho_factor(alike.T, overwrite_a=True, check_finite=False)
    dual = cho_solve(factor, ((wanted - base) * root[:, None]).astype(alike.dtype), check_finite=False)
    return Weights((dual * root[:, None]).astype("float32"), base.astype("float32"))


def held_out(alike: np.ndarray, truth: np.ndarray, ridge: float, folds: int) -> np.ndarray:
    """Each sentence's scores by the others', shape (known, classes)."""
    scores = np.zeros((len(truth), int(truth.max()) + 1), dtype="float32")
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=7).split(alike, truth):
        weights = fit(alike[np.ix_(train, train)], truth[train], ridge, scores.shape[1])
        scores[test] = weights.scores(alike[np.ix_(test, train)])
    return scores
