"""Which variant a contact gets: by a hash, so that it is the same for ever and on every machine. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Experiment:
    """Variants and their weights, in order; the first is what everybody gets while it does not run."""

    name: str
    weights: Mapping[str, int]

    @property
    def control(self) -> str:
        """The first variant."""
        return next(iter(self.weights))


def variant(contact_id: str, experiment: Experiment) -> str:
    """The contact's variant. The experiment's name goes into the hash: two experiments do not move together."""
    digest = hashlib.sha256(f"{experiment.name}:{contact_id}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") % sum(experiment.weights.values())
    for name, weight in experiment.weights.items():
        if place < weight:
            return name
        place -= weight
    return experiment.control
