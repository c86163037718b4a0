"""Scores of classes by kernel ridge regression. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.kernel_ridge import KernelRidge
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
        alike: shape (known, known).
        truth: the class number of each.
        ridge: the penalty; larger trusts single sentences less.
        classes: how many there are, where the sentences may not have them all.
    """
    wanted = np.where(np.eye(classes or int(truth.max()) + 1)[truth] > 0, 1.0, -1.0)
    weight = 1 / np.sqrt(np.bincount(truth)[truth])
    weight /= weight.mean()
    base = np.average(wanted, axis=0, weights=weight)
    model = KernelRidge(alpha=ridge, kernel="precomputed")
    model.fit(alike, (wanted - base).astype(alike.dtype), sample_weight=weight.astype(alike.dtype))
    return Weights(model.dual_coef_.astype("float32"), base.astype("float32"))


def held_out(alike: np.ndarray, truth: np.ndarray, ridge: float, folds: int) -> np.ndarray:
    """Each sentence's scores by the others', shape (known, classes)."""
    scores = np.zeros((len(truth), int(truth.max()) + 1), dtype="float32")
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=7).split(alike, truth):
        weights = fit(alike[np.ix_(train, train)], truth[train], ridge, scores.shape[1])
        scores[test] = weights.scores(alike[np.ix_(test, train)])
    return scores
