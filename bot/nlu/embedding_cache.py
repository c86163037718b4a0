"""Sentence vectors kept on disk between trainings, so that only new sentences are encoded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

Encode = Callable[[list[str]], np.ndarray]
_BATCH = 16


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
        batches = [new[i : i + _BATCH] for i in range(0, len(new), _BATCH)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # the encoders let go of the interpreter while they work
            for batch, encoded in zip(batches, pool.map(encode, batches), strict=True):
                self._known.update(zip(map(_key, batch), encoded, strict=True))
        if new:
            self._save()
        return {t: self._known[_key(t)] for t in texts}

    def _save(self) -> None:
        """Write beside and rename, so that a broken training leaves the old file."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f"{self._path.stem}.{os.getpid()}.npz")
        np.savez(beside, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
        beside.replace(self._path)
