"""Scores of classes by kernel ridge regression. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, get_lapack_funcs


@dataclass(frozen=True)
class Weights:
    """`sentences`: what each known sentence says for each class; `base`: what is said without any."""

    sentences: np.ndarray
    base: np.ndarray

    def scores(self, alike: np.ndarray) -> np.ndarray:
        """From likenesses of shape (messages, known) to shape (messages, classes)."""
        return np.asarray(alike @ self.sentences + self.base)


def fit(alike: np.ndarray, truth: np.ndarray, ridge: float) -> tuple[Weights, np.ndarray]:
    """Learn from known sentences, and tell what each would have scored had it not been known.

    A sentence of a small class weighs more, by the root of how much smaller it is: in full, large ones lost.
    Leaving a sentence out needs no second fit: its score is then wanted - [G⁻¹ wanted] / diag(G⁻¹), with G the
    likenesses and the ridge (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, eq. 5.12).

    Args:
        alike: shape (known, known), in C order; it is used up, since a second of its size would not fit beside it.
        truth: the class number of each.
        ridge: the penalty; larger trusts single sentences less.

    Returns:
        The weights, and the left-out scores of shape (known, classes).
    """
    wanted = np.where(np.eye(int(truth.max()) + 1)[truth] > 0, 1.0, -1.0)
    weight = 1 / np.sqrt(np.bincount(truth)[truth])
    weight /= weight.mean()
    base = np.average(wanted, axis=0, weights=weight)
    root = np.sqrt(weight)[:, None].astype(alike.dtype)
    alike *= root
    alike *= root.T
    alike[np.diag_indices_from(alike)] += ridge
    factor, _ = cho_factor(alike.T, overwrite_a=True, check_finite=False)
    dual = cho_solve((factor, False), ((wanted - base) * root).astype(alike.dtype), check_finite=False)
    left_out = wanted - dual / (_diagonal_of_inverse(factor)[:, None] * root)
    return Weights((dual * root).astype("float32"), base.astype("float32")), left_out.astype("float32")


def _diagonal_of_inverse(factor: np.ndarray) -> np.ndarray:
    """Of G = UᵀU, by its factor U (upper triangle, Fortran order), which is used up; what is below U is not read."""
    (invert,) = get_lapack_funcs(("trtri",), (factor,))
    inverse, _ = invert(factor, overwrite_c=True)
    diagonal = np.zeros(len(inverse))
    for column in range(len(inverse)):
        diagonal[: column + 1] += inverse[: column + 1, column] ** 2
    return diagonal
