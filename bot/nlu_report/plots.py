"""Pictures of confidence as SVG inside the page."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from bot.nlu_report.cases import OUT_OF_SCOPE, Answer

BINS = np.linspace(0, 1, 11)
BLUE, RED, GREY, GREEN = "#0a5ea8", "#c0364c", "#8a94a0", "#d7efdc"
LOOK = {
    "font.size": 10,
    "font.family": "sans-serif",
    "svg.fonttype": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e6e9ed",
    "axes.axisbelow": True,
}


def reliability(answers: Sequence[Answer]) -> str:
    """How right María is for how sure she is; on the diagonal, confidence means what it says."""
    confidence = np.array([a.confidence for a in answers])
    right = np.array([a.right for a in answers], dtype=float)
    which = np.clip(np.digitize(confidence, BINS) - 1, 0, 9)
    filled = [b for b in range(10) if (which == b).any()]
    with plt.rc_context(LOOK):
        figure, axes = plt.subplots(figsize=(4.6, 3.6))
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1)
        sizes = [20 + 180 * float((which == b).mean()) for b in filled]
        x, y = [confidence[which == b].mean() for b in filled], [right[which == b].mean() for b in filled]
        axes.plot(x, y, color=BLUE, linewidth=1.5)
        axes.scatter(x, y, s=sizes, color=BLUE, zorder=3)
        axes.set(xlabel="qué tan segura estaba", ylabel="qué tanto acertó", xlim=(0, 1.03), ylim=(0, 1.05))
    return _as_svg(figure)


def histogram(answers: Sequence[Answer], start: float, clarify: float) -> str:
    """How sure María is, where she is right and where she is wrong; the two thresholds as lines."""
    groups = [[a.confidence for a in answers if a.right is truth] for truth in (True, False)]
    with plt.rc_context(LOOK):
        figure, axes = plt.subplots(figsize=(4.6, 3.6))
        axes.hist(groups, bins=BINS, stacked=True, color=[BLUE, RED], label=["acertó", "falló"])
        axes.set_yscale("symlog", linthresh=10)
        axes.set(xlabel="qué tan segura estaba", ylabel="mensajes (escala log)")
        for at, name in ((start, "empieza"), (clarify, "pregunta")):
            axes.axvline(at, color=GREY, linestyle=":")
            axes.text(at + 0.01, axes.get_ylim()[1] * 0.8, name, color="#555", fontsize=8)
        axes.legend(frameon=False, loc="upper left")
    return _as_svg(figure)


def outside_curve(answers: Sequence[Answer], caught: float, refused: float) -> str:
    """What is caught of what is not María's, against real requests refused, for every threshold."""
    scores = np.array([dict(a.ranking).get(OUT_OF_SCOPE, 0.0) for a in answers])
    outside = np.array([a.case.intent == OUT_OF_SCOPE for a in answers])
    real = np.array([a.real for a in answers])
    thresholds = np.unique(scores)
    share = [((scores[real] >= t).mean(), (scores[outside] >= t).mean()) for t in thresholds] if outside.any() else []
    with plt.rc_context(LOOK):
        figure, axes = plt.subplots(figsize=(4.6, 3.6))
        axes.axhspan(92, 100, xmax=3 / 15, color=GREEN, label="meta")
        axes.plot([100 * r for r, _ in share], [100 * c for _, c in share], color=BLUE)
        axes.plot([100 * refused], [100 * caught], "o", color=RED, label="María hoy")
        axes.set(xlabel="peticiones verdaderas rechazadas, %", ylabel="fuera de tema reconocido, %")
        axes.set(xlim=(0, 15), ylim=(50, 100))
        axes.legend(frameon=False, loc="lower right")
    return _as_svg(figure)


def times(answers: Sequence[Answer], budget: float) -> str:
    """Milliseconds a message, with the budget as a line."""
    milliseconds = [a.milliseconds for a in answers]
    with plt.rc_context(LOOK):
        figure, axes = plt.subplots(figsize=(4.6, 3.6))
        axes.hist(milliseconds, bins=np.linspace(0, max([budget * 1.25, *milliseconds]), 40), color=BLUE)
        axes.axvline(budget, color=RED, linestyle=":", label=f"meta del p95: {budget:.0f} ms")
        axes.legend(frameon=False, loc="upper right")
        axes.set(xlabel="milisegundos por mensaje", ylabel="mensajes")
    return _as_svg(figure)


def _as_svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight")
    plt.close(figure)
    text = buffer.getvalue()
    return text[text.index("<svg") :]
