"""The experiments of `data/knowledge/experiments.yml`, and which of them run (setting `EXPERIMENTS`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from services.experiments.assignment import Experiment, variant

REGISTER = "register"  # how a new contact is spoken to: usted | tu


class BadExperiment(ValueError):
    """The file or the setting says something that cannot be; the text tells what and where."""


class Experiments:
    """Answers which variant a contact gets; without I/O."""

    def __init__(self, known: Mapping[str, Experiment], running: frozenset[str] = frozenset()) -> None:
        if unknown := sorted(running - set(known)):
            raise BadExperiment(f"EXPERIMENTS names {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        self.known = known
        self.running = running

    @classmethod
    def read(cls, path: Path, running: str = "") -> Experiments:
        """From the file; `running` are names with commas between them.

        Raises:
            BadExperiment: no variants, a weight below zero or none above, or a name that is not in the file.
        """
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))["experiments"]
        names = frozenset(name.strip() for name in running.split(",") if name.strip())
        return cls({name: _experiment(name, body) for name, body in raw.items()}, names)

    def variant(self, contact_id: str, name: str) -> str:
        """The contact's variant; the first one for all while the experiment does not run.

        Raises:
            KeyError: there is no such experiment.
        """
        experiment = self.known[name]
        return variant(contact_id, experiment) if name in self.running else experiment.control

    def register(self, contact_id: str, default: str) -> str:
        """How a new contact is spoken to: `default`, or by lot while that experiment runs."""
        return self.variant(contact_id, REGISTER) if REGISTER in self.running else default


def _experiment(name: str, body: Mapping[str, Any]) -> Experiment:
    weights = body.get("variants") or {}
    good = all(isinstance(w, int) and w >= 0 for w in weights.values()) and sum(weights.values()) > 0
    if not weights or not good:
        raise BadExperiment(f"experiment {name}: variants need whole weights from 0, and one above it")
    return Experiment(name, dict(weights))
