"""How near a vector is to the nearest labelled vectors of each class. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

_BATCH = 512
_ITSELF = 0.999  # a vector this near is the same sentence


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@dataclass(frozen=True)
class Nearness:
    """Labelled vectors sorted by class; `starts` is where each class begins."""

    vectors: np.ndarray
    centre: np.ndarray
    starts: np.ndarray
    nearest: int
    mean: np.ndarray
    spread: np.ndarray

    @classmethod
    def of(cls, vectors: np.ndarray, labels: list[str], nearest: int) -> Nearness:
        """Sort the vectors, and learn how near sentences are to each class on the whole."""
        order = np.argsort(np.asarray(labels), kind="stable")
        _, starts = np.unique(np.asarray(labels)[order], return_index=True)
        centre = vectors.mean(axis=0)
        kept = _unit(vectors[order] - centre).astype("float16").astype("float32")
        zero, one = np.zeros(len(starts), "float32"), np.ones(len(starts), "float32")
        raw = cls(kept, centre, starts, nearest, zero, one).to(vectors, known=True)
        return cls(kept, centre, starts, nearest, raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-6))

    def to(self, queries: np.ndarray, known: bool) -> np.ndarray:
        """Shape (queries, classes), standardised; `known` leaves a query's own sentence out."""
        rows = [self._near(queries[i : i + _BATCH], known) for i in range(0, len(queries), _BATCH)]
        return ((np.concatenate(rows) - self.mean) / self.spread).astype("float32")

    def _near(self, queries: np.ndarray, known: bool) -> np.ndarray:
        likeness = _unit(queries - self.centre) @ self.vectors.T
        if known:
            likeness[likeness > _ITSELF] = -1.0
        ends = [*self.starts[1:], likeness.shape[1]]
        columns = [self._top(likeness[:, a:b]) for a, b in zip(self.starts, ends, strict=True)]
        return np.stack(columns, axis=1)

    def _top(self, likeness: np.ndarray) -> np.ndarray:
        """Mean of the nearest few of one class."""
        count = min(self.nearest, likeness.shape[1])
        return np.partition(likeness, -count, axis=1)[:, -count:].mean(axis=1)

    def save(self, path: Path) -> None:
        """Half precision: the vectors are most of the model's size."""
        np.savez(
            path,
            vectors=self.vectors.astype("float16"),
            centre=self.centre,
            starts=self.starts,
            nearest=self.nearest,
            mean=self.mean,
            spread=self.spread,
        )

    @classmethod
    def load(cls, path: Path) -> Nearness:
        """As saved."""
        with np.load(path) as f:
            vectors = f["vectors"].astype("float32")
            return cls(vectors, f["centre"], f["starts"], int(f["nearest"]), f["mean"], f["spread"])
