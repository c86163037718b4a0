"""Rasa's own validation, without the warnings that do not hold for a bot whose errands are data."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from workbench.validate.finding import Finding

DOMAIN = Path("domain.yml")
# Errands and actions use these; Rasa looks for them in stories and rules only.
NOT_HERE = re.compile(
    r"is not used in any story or rule|is not used in any story|inconsistent entity synonyms|PyparsingDeprecation"
    r"|not found in the NLU training data"  # buttons and attachments bring intents of their own: `check_intents`
)
SAID = re.compile(r"(?:UserWarning|WARNING[^-]*-|ERROR[^-]*-):? ?(.*)")
COLOUR = re.compile(r"\x1b\[\d+m")


def check_with_rasa(python: str, root: Path) -> Iterator[Finding]:
    """Run `rasa data validate` and pass on what it finds."""
    command = [python, "-m", "rasa", "data", "validate", "--domain", "domain.yml"]
    command += [
        "--data",
        *(
            str(p)
            for p in map(Path, ("data/nlu", "data/rules", "data/stories", "data/responses"))
            if (root / p).is_dir()
        ),
    ]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603  # our own
    lines = COLOUR.sub("", ran.stdout + ran.stderr).splitlines()
    said = [m[1] for line in lines if (m := SAID.search(line)) and not NOT_HERE.search(line)]
    failed = ran.returncode != 0
    for what in dict.fromkeys(said):
        yield Finding(root / DOMAIN, 1, f"Rasa: {what}", "corríjalo donde dice", error=failed)
    if failed and not said:
        yield Finding(root / DOMAIN, 1, f"Rasa no pudo leer los datos: {' '.join(lines[-3:])}", "corríjalo donde dice")
