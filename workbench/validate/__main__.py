"""`python -m workbench.validate`: every check over the project; with `--rasa PYTHON` Rasa's own as well."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from bot.dialogue.book import read_book
from bot.nlu.entities.gazetteer import read_gazetteer
from bot.sentences.read import Malformed, Sentence, read_evaluation, read_training
from runtime.parts import ROOT
from workbench.validate import dialogue, sentences, wordings
from workbench.validate.conversations import check_conversations
from workbench.validate.finding import Finding
from workbench.validate.rasa import check_with_rasa


def findings(root: Path) -> Iterator[Finding]:
    """What is wrong in a project folder.

    Raises:
        Malformed: a file cannot be read at all.
    """
    data = root / "data"
    training = read_training((data / "nlu").glob("*.yml"))
    evaluation = read_evaluation((root / "tests" / "nlu").glob("*_*.yml"))
    yield from sentences.check_twice(training)
    yield from sentences.check_near_twins(training)
    yield from sentences.check_overlap(training, evaluation)
    yield from sentences.check_unmarked(training, read_gazetteer())
    yield from _dialogue(root, training)
    yield from wordings.check_faq(data / "knowledge" / "faq.yml")
    yield from check_conversations((root / "tests" / "conversations").glob("*.yml"))


def _dialogue(root: Path, training: Sequence[Sentence]) -> Iterator[Finding]:
    data = root / "data"
    flows_in = [p for folder in ("rules", "stories") for p in (data / folder).glob("*.yml")]
    flows = dialogue.read_flows(flows_in)
    responses = wordings.read_responses(list((data / "responses").glob("*.yml")))
    domain = yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))
    errands, knowledge = data / "errands.yml", data / "knowledge"
    wrong = list(dialogue.check_errands(errands, knowledge, domain, list(responses)))
    yield from wrong
    yield from dialogue.check_contradictions(flows)
    if not wrong:
        beside = [knowledge / name for name in dialogue.BESIDE]
        book = read_book(*(yaml.safe_load(p.read_text(encoding="utf-8")) for p in (errands, *beside)))
        yield from dialogue.check_hidden(flows, book)
    code = [p for folder in ("actions", "services", "bot/channel", "handoff") for p in (root / folder).rglob("*.py")]
    brought = [*code, *(root / "channels").rglob("*.py"), *(data / "responses").glob("*.yml")]
    yield from dialogue.check_intents(root / "domain.yml", training, brought)
    named_in = [*code, errands, knowledge / "care.yml", *flows_in, root / "config.yml"]
    yield from wordings.check_responses(responses, named_in)


def main() -> int:
    """Print what was found; 1 where there is an error, 0 where there are warnings or nothing."""
    parser = argparse.ArgumentParser(prog="python -m workbench.validate", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    parser.add_argument("--rasa", help="the Python of Rasa's environment")
    options = parser.parse_args()
    try:
        found = list(findings(options.root))
        if options.rasa:
            sys.stderr.write("Lo de María ya se revisó; ahora lo revisa Rasa (un minuto o dos) …\n")
            found += check_with_rasa(options.rasa, options.root)
    except Malformed as unreadable:
        sys.stdout.write(f"{unreadable}\n")
        return 1
    for one in sorted(found, key=lambda f: (not f.error, str(f.path), f.line)):
        sys.stdout.write(one.show(options.root) + "\n")
    errors = sum(f.error for f in found)
    sys.stdout.write(f"{errors} errores, {len(found) - errors} avisos\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
