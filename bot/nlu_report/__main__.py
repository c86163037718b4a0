"""`python -m bot.nlu_report`: measure the newest model and write var/nlu_report/index.html."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.nlu.entities.gazetteer import read_gazetteer
from bot.nlu_report.cases import Answer, read_cases
from bot.nlu_report.history import keep_run, last_run
from bot.nlu_report.measure import confusions, entity_counts, headline, labelled_kinds
from bot.nlu_report.model import ask, newest_model
from bot.nlu_report.page import render
from bot.nlu_report.same import SameValue
from bot.nlu_report.targets import TARGETS

CLARIFY = 0.3  # as `understanding.clarify` in data/errands.yml


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the report; the exit code says whether all targets are met (with --strict)."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu_report", description=__doc__)
    parser.add_argument("--cases", type=Path, default=Path("tests/nlu"), help="folder of sentences")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of trained models")
    parser.add_argument("--out", type=Path, default=Path("var/nlu_report"), help="folder for the page")
    parser.add_argument("--strict", action="store_true", help="fail where a target is missed")
    options = parser.parse_args(arguments)
    cases = read_cases(sorted(options.cases.glob("*.yml")))
    model = newest_model(options.models)
    answers = ask(model, cases)
    same = SameValue(read_gazetteer())
    figures = headline(answers, CLARIFY, same)
    before = last_run(options.out / "history")
    keep_run(options.out / "history", model.name, figures, datetime.now())
    entities = entity_counts(answers, same)
    page = render(model.name, answers, figures, before, entities, _entity_misses(answers, same))
    (options.out / "index.html").write_text(page, encoding="utf-8")
    _print(model, answers, figures, before)
    missed = [key for key, target in TARGETS.items() if target.met(figures[key]) is False]
    return 1 if missed and options.strict else 0


def _entity_misses(answers: Sequence[Answer], same: SameValue) -> list[str]:
    lines = []
    kinds = labelled_kinds(answers)
    for answer in answers:
        counts = entity_counts([answer], same, kinds)
        if any(c.wrong or c.missed for c in counts.values()):
            found = ", ".join(f"{s.entity}={s.value}" for s in answer.spans)
            labelled = ", ".join(f"{e.entity}={e.value}" for e in answer.case.entities)
            lines.append(f"{answer.case.text} | {labelled} | {found}")
    return lines


def _print(model: Path, answers: Sequence[Answer], figures: dict[str, float], before: dict[str, float]) -> None:
    out = sys.stdout.write
    out(f"{model.name}: {len(answers)} sentences\n")
    for key, target in TARGETS.items():
        met = {True: "ok", False: "MISSED", None: ""}[target.met(figures[key])]
        earlier = f"(before {target.show(before[key])})" if key in before else ""
        out(f"  {key:18} {target.show(figures[key]):>9} {target.show_bound():>11} {met:7} {earlier}\n")
    for (truth, said), group in confusions(answers)[:15]:
        out(f"  {len(group):4} {truth} -> {said}\n")


if __name__ == "__main__":
    sys.exit(main())
