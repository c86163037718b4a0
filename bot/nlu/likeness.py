"""How alike messages are, over several views of them (words, letters, sentence vectors). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz

_DENSE, _SPARSE = "dense.npz", "sparse.npz"
_AT_ONCE = 500  # messages: what the known sentences are to each other is a gigabyte, and should be so once only


@dataclass(frozen=True)
class Views:
    """Messages as features: `sparse` of shape (messages, terms), `dense` one array of vectors an encoder."""

    sparse: csr_matrix
    dense: tuple[np.ndarray, ...]

    def __len__(self) -> int:
        return int(self.sparse.shape[0])


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows of length one; a row of zeros stays so."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@dataclass(frozen=True)
class Likeness:
    """The known messages. Sentence vectors are centred first: e5's all point the same way otherwise."""

    terms: csr_matrix  # transposed: a message's terms against all known messages
    centres: tuple[np.ndarray, ...]
    vectors: np.ndarray  # all encoders side by side
    width: float
    sense: float  # how much each encoder counts beside words, and beside letters
    views: float  # the likeness of a message to itself

    @classmethod
    def of(cls, known: Views, width: float, sense: float = 1.0) -> Likeness:
        """Keep the known messages; `width`: how far one is heard (larger is nearer)."""
        centres = tuple(v.mean(axis=0) for v in known.dense)
        vectors = _centred(known.dense, centres, len(known)).astype("float16").astype("float32")
        itself = np.asarray(known.sparse.multiply(known.sparse).sum(axis=1)).ravel() + sense * (vectors**2).sum(axis=1)
        return cls(known.sparse.T.tocsr(), centres, vectors, width, sense, float(itself.max()))

    def to(self, messages: Views) -> np.ndarray:
        """Shape (messages, known), between 0 and 1; 1 is the same message."""
        dense = _centred(messages.dense, self.centres, len(messages))
        alike = np.empty((len(messages), self.terms.shape[1]), dtype="float32")
        for begin in range(0, len(messages), _AT_ONCE):
            rows = slice(begin, begin + _AT_ONCE)
            block = alike[rows]
            np.matmul(dense[rows], self.vectors.T, out=block)
            block *= self.sense
            block += (messages.sparse[rows] @ self.terms).toarray()
            block *= self.width / self.views
            block -= self.width
            np.exp(block, out=block)
        return alike

    def save(self, folder: Path) -> None:
        """Half precision: the vectors are most of the model's size."""
        save_npz(folder / _SPARSE, self.terms)
        centres = {f"centre{n}": c for n, c in enumerate(self.centres)}
        settings = np.array([self.width, self.sense, self.views])
        np.savez(folder / _DENSE, vectors=self.vectors.astype("float16"), settings=settings, **centres)

    @classmethod
    def load(cls, folder: Path) -> Likeness:
        """As saved."""
        with np.load(folder / _DENSE) as f:
            centres = tuple(f[f"centre{n}"] for n in range(len(f.files) - 2))
            width, sense, views = (float(x) for x in f["settings"])
            vectors = f["vectors"].astype("float32", order="F")  # a message against them takes half the time so
            return cls(load_npz(folder / _SPARSE), centres, vectors, width, sense, views)


def _centred(dense: tuple[np.ndarray, ...], centres: tuple[np.ndarray, ...], rows: int) -> np.ndarray:
    blocks = [unit(v - c) for v, c in zip(dense, centres, strict=True)]
    return np.hstack([np.zeros((rows, 0), "float32"), *blocks]).astype("float32")
