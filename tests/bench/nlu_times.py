"""Runs in Rasa's environment: milliseconds of each evaluation sentence, as JSON on the last line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.nlu_report.cases import read_cases
from bot.nlu_report.model import ask


def main() -> None:
    model, most = Path(sys.argv[1]), int(sys.argv[2])
    cases = read_cases(sorted(Path("tests/nlu").glob("eval_*.yml")))
    answers = ask(model, cases[:: max(1, len(cases) // most)])
    print(json.dumps([answer.milliseconds for answer in answers]))


if __name__ == "__main__":
    main()
