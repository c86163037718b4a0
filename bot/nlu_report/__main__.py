"""`python -m bot.nlu_report`: measure the newest model and write var/nlu_report/index.html.

The model measured before, or the one named by --against (a model file or a kept summary), stands beside it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.nlu.entities.gazetteer import read_gazetteer
from bot.nlu_report.cases import Answer, Case, read_sets
from bot.nlu_report.history import Summary, keep, previous, read, summarise
from bot.nlu_report.measure import confusions, headline
from bot.nlu_report.model import ask, identity, newest_model
from bot.nlu_report.page import render
from bot.nlu_report.same import SameValue
from bot.nlu_report.targets import TARGETS
from bot.sentences.read import read_training
from bot.sentences.twins import key
from bot.understanding import Understanding, read_understanding


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the report; the exit code says whether all targets are met (with --strict)."""
    options = _options(arguments)
    sets = read_sets(options.cases)
    sure, same = read_understanding(options.errands), SameValue(read_gazetteer())
    kept = options.out / "models"
    model = options.model or newest_model(options.models)
    now, answers = measure(model, sets, sure, same)
    before = previous(kept, now.model)
    if options.against and options.against.suffix == ".json":
        before = read(options.against)
    elif options.against:
        before, _ = measure(options.against, sets, sure, same)
        keep(kept, before)
    keep(kept, now)
    trained_on = frozenset(key(s.text) for s in read_training(Path("data/nlu").glob("*.yml")))
    page = render(now, before, answers, sure, same, trained_on)
    (options.out / "index.html").write_text(page, encoding="utf-8")
    _print(now, before, answers)
    sys.stdout.write(f"\n{options.out / 'index.html'}\n")
    missed = [k for f in now.figures.values() for k, target in TARGETS.items() if target.met(f[k]) is False]
    return 1 if missed and options.strict else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.nlu_report", description=__doc__)
    parser.add_argument("--cases", type=Path, default=Path("tests/nlu"), help="folder of sentences")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of trained models")
    parser.add_argument("--model", type=Path, help="measure this model file instead of the newest")
    parser.add_argument("--against", type=Path, help="compare with this model file or summary (.json)")
    parser.add_argument("--errands", type=Path, default=Path("data/errands.yml"), help="thresholds and errands")
    parser.add_argument("--out", type=Path, default=Path("var/nlu_report"), help="folder for the page")
    parser.add_argument("--strict", action="store_true", help="fail where a target is missed")
    return parser.parse_args(arguments)


def measure(
    model: Path, sets: dict[str, list[Case]], sure: Understanding, same: SameValue
) -> tuple[Summary, dict[str, list[Answer]]]:
    """Ask a model every sentence and sum it up."""
    flat = ask(model, [case for cases in sets.values() for case in cases])
    answers: dict[str, list[Answer]] = {}
    for name, cases in sets.items():
        answers[name], flat = flat[: len(cases)], flat[len(cases) :]
    figures = {name: headline(group, sure, same) for name, group in answers.items()}
    return summarise(identity(model), answers, figures, datetime.now().astimezone()), answers


def _print(now: Summary, before: Summary | None, answers: dict[str, list[Answer]]) -> None:
    out = sys.stdout.write
    for name, group in answers.items():
        figures, old = now.figures[name], before.figures.get(name, {}) if before else {}
        out(f"\n{name}: {len(group)} sentences\n")
        for measured, target in TARGETS.items():
            met = {True: "ok", False: "MISSED", None: ""}[target.met(figures[measured])]
            earlier = f"(before {target.show(old[measured])})" if measured in old else ""
            out(f"  {measured:18} {target.show(figures[measured]):>9} {target.show_bound():>11} {met:7} {earlier}\n")
        for (truth, said), wrong in confusions(group)[:8]:
            out(f"  {len(wrong):4} {truth} -> {said}\n")


if __name__ == "__main__":
    sys.exit(main())
