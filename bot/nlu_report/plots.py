"""Pictures of confidence, as images inside the page."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from bot.nlu_report.cases import Answer

_BINS = np.linspace(0, 1, 11)


def reliability(answers: Sequence[Answer]) -> str:
    """How right María is for how sure she is; on the diagonal, confidence means what it says."""
    confidence = np.array([a.confidence for a in answers])
    right = np.array([a.right for a in answers], dtype=float)
    figure, axes = plt.subplots(figsize=(4, 4))
    which = np.clip(np.digitize(confidence, _BINS) - 1, 0, 9)
    filled = [b for b in range(10) if (which == b).any()]
    axes.plot([0, 1], [0, 1], color="#999", linestyle="--")
    axes.plot(
        [confidence[which == b].mean() for b in filled],
        [right[which == b].mean() for b in filled],
        marker="o",
        color="#0a6ebd",
    )
    axes.set_xlabel("confianza")
    axes.set_ylabel("acierto")
    return _as_image(figure)


def histogram(answers: Sequence[Answer]) -> str:
    """How sure María is, where she is right and where she is wrong."""
    figure, axes = plt.subplots(figsize=(5, 4))
    groups = [[a.confidence for a in answers if a.right is truth] for truth in (True, False)]
    axes.hist(groups, bins=_BINS, stacked=True, color=["#0a6ebd", "#d1495b"], label=["acertó", "falló"])
    axes.set_xlabel("confianza")
    axes.set_ylabel("mensajes")
    axes.legend()
    return _as_image(figure)


def _as_image(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    plt.close(figure)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
