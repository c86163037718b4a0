"""Sentence vectors kept on disk between trainings, so that only new sentences are encoded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

Encode = Callable[[list[str]], np.ndarray]
_BATCH = 64


def _key(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class EmbeddingCache:
    """One file of vectors an encoder and version."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, np.ndarray] = {}
        if path.exists():
            with np.load(path) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def vectors(self, texts: list[str], encode: Encode) -> dict[str, np.ndarray]:
        """The vector of each text, shape (dimensions,), encoding and keeping those not seen before."""
        new = [t for t in dict.fromkeys(texts) if _key(t) not in self._known]
        for i in range(0, len(new), _BATCH):
            batch = new[i : i + _BATCH]
            for text, vector in zip(batch, encode(batch), strict=True):
                self._known[_key(text)] = vector
        if new:
            self._save()
        return {t: self._known[_key(t)] for t in texts}

    def _save(self) -> None:
        """Write beside and rename, so that a broken training leaves the old file."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f"{self._path.stem}.{os.getpid()}.npz")
        np.savez(beside, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
        beside.replace(self._path)
