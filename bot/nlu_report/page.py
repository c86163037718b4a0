"""The report as one HTML page, for people who know citizens rather than code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from bot.nlu_report import plots
from bot.nlu_report.cases import Answer
from bot.nlu_report.measure import Counts, confusions, per_intent
from bot.nlu_report.targets import TARGETS

_STYLE = """body{font:15px system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#222}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}
td,th{border:1px solid #ddd;padding:.25rem .6rem;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}.yes{background:#e2f4e5}.no{background:#fbe3e4}
details{margin:.3rem 0}small{color:#666}"""
_PAGE = '<!doctype html><html lang="es"><meta charset="utf-8"><title>NLU</title><style>{style}</style>{body}</html>'
_EXAMPLES = 12


def render(
    model: str,
    answers: Sequence[Answer],
    figures: dict[str, float],
    before: dict[str, float],
    entities: dict[str, Counts],
    entity_misses: Sequence[str],
) -> str:
    """The whole page."""
    parts = [
        f"<h1>Cómo entiende María</h1><p>{escape(model)}, {len(answers)} frases de prueba</p>",
        _headline(figures, before),
        "<h2>Entidades</h2>",
        _entities(entities),
        _details(f"Entidades falladas ({len(entity_misses)})", [escape(m) for m in entity_misses]),
        "<h2>Confianza</h2>",
        f'<img src="{plots.reliability(answers)}"> <img src="{plots.histogram(answers)}">',
        "<h2>Por intención</h2>",
        _intents(answers),
        "<h2>Confusiones</h2>",
        *(_confusion(pair, group) for pair, group in confusions(answers)),
    ]
    return _PAGE.format(style=_STYLE, body="\n".join(parts))


def _table(head: Iterable[str], rows: Iterable[str]) -> str:
    return f"<table><tr>{''.join(f'<th>{h}</th>' for h in head)}</tr>{''.join(rows)}</table>"


def _headline(figures: dict[str, float], before: dict[str, float]) -> str:
    rows = []
    for key, target in TARGETS.items():
        met = target.met(figures[key])
        css = "" if met is None else "yes" if met else "no"
        earlier = target.show(before[key]) if key in before else ""
        rows.append(
            f'<tr class="{css}"><td>{target.name}</td><td class=n>{target.show(figures[key])}</td>'
            f"<td class=n>{target.show_bound()}</td><td class=n>{earlier}</td></tr>"
        )
    return _table(("medida", "ahora", "meta", "vez anterior"), rows)


def _entities(entities: dict[str, Counts]) -> str:
    rows = (
        f"<tr><td>{name}</td><td class=n>{c.right + c.missed}</td><td class=n>{c.precision:.3f}</td>"
        f"<td class=n>{c.recall:.3f}</td><td class=n>{c.f1:.3f}</td></tr>"
        for name, c in entities.items()
    )
    return _table(("entidad", "casos", "precisión", "cobertura", "F1"), rows)


def _intents(answers: Sequence[Answer]) -> str:
    rows = (
        f"<tr><td>{intent}</td><td class=n>{count}</td><td class=n>{strict * 100:.0f} %</td>"
        f"<td class=n>{lenient * 100:.0f} %</td></tr>"
        for intent, (count, strict, lenient) in per_intent(answers).items()
    )
    return _table(("intención", "frases", "estricto", "con segunda etiqueta"), rows)


def _confusion(pair: tuple[str, str], group: Sequence[Answer]) -> str:
    lines = [f"{escape(a.case.text)} <small>{a.confidence:.2f}</small>" for a in group[:_EXAMPLES]]
    return _details(f"{pair[0]} → {pair[1]} ({len(group)})", lines)


def _details(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f"<details><summary>{title}</summary><ul>{items}</ul></details>"
