"""The consumption chart: this year's bars beside last year's, readable on a small phone, under 100 KB."""

from __future__ import annotations

from io import BytesIO

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from services.aquasis.model import Consumption
from services.billing.consumption import YEAR, Usage
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts

mpl.use("Agg")
NOW, BEFORE, HIGH, INK, PAPER = "#0b6aa8", "#bcd7e6", "#d9541e", "#1b2a33", "#ffffff"
SIZE, DPI = (7.2, 6.4), 100  # 720 × 640 pixels


def draw(usage: Usage, formats: Formats, texts: Texts) -> bytes:
    """The last twelve months as a PNG."""
    months = usage.months[-YEAR:]
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor=PAPER, layout=ConstrainedLayoutEngine(w_pad=0.18, h_pad=0.14))
    axes = figure.add_subplot()
    before = [usage.a_year_before(c) for c in months]
    if any(before):
        axes.bar(
            [i - 0.21 for i in range(len(months))],
            [c.cubic_metres if c else 0 for c in before],
            width=0.38,
            color=BEFORE,
            label=_years(before, texts, "chart_last_year"),
        )
    _draw_now(axes, usage, months, shift=0.21 if any(before) else 0.0, texts=texts)
    _dress(figure, axes, usage, months, formats, texts)
    out = BytesIO()
    figure.savefig(out, format="png", pil_kwargs={"optimize": True})
    return out.getvalue()


def _years(months: list[Consumption | None] | tuple[Consumption, ...], texts: Texts, key: str) -> str:
    years = sorted({c.month.year for c in months if c})
    return texts.get(key, year="–".join(str(y) for y in (years[0], years[-1])) if len(years) > 1 else years[0])


def _draw_now(axes: mpl.axes.Axes, usage: Usage, months: tuple[Consumption, ...], shift: float, texts: Texts) -> None:
    colours = [HIGH if c is usage.last and usage.is_unusual else NOW for c in months]
    bars = axes.bar(
        [i + shift for i in range(len(months))],
        [c.cubic_metres for c in months],
        width=0.38 if shift else 0.66,
        color=colours,
        label=_years(months, texts, "chart_this_year"),
    )
    for bar, c in zip(bars, months, strict=True):
        if c.estimated:
            bar.set_hatch("//")
            bar.set_edgecolor("#ffffff")
        place = (bar.get_x() + bar.get_width() / 2, bar.get_height())
        weight = "bold" if c is usage.last else "normal"
        axes.annotate(
            str(c.cubic_metres),
            place,
            (0, 4),
            textcoords="offset points",
            ha="center",
            fontsize=15,
            weight=weight,
            color=INK,
        )


def _dress(
    figure: Figure, axes: mpl.axes.Axes, usage: Usage, months: tuple[Consumption, ...], formats: Formats, texts: Texts
) -> None:
    title = f"{texts.get('chart_title', month=formats.month(usage.last.month))}: "
    title += texts.get("chart_value", m3=usage.last.cubic_metres)
    axes.set_title(title, fontsize=23, weight="bold", color=INK, loc="left", pad=14)
    axes.set_xticks(range(len(months)), [formats.short_month(c.month) for c in months], fontsize=15, color=INK)
    axes.set_yticks([])
    axes.margins(y=0.14)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    note = texts.get("chart_unit")
    if any(c.estimated for c in months):
        note += f" · {texts.get('chart_estimated')}"
    axes.set_xlabel(note, fontsize=14, color="#5a6a74", labelpad=8)
    figure.legend(
        *axes.get_legend_handles_labels(),
        loc="outside lower center",
        ncols=2,
        fontsize=15,
        frameon=False,
        handlelength=1.2,
    )
