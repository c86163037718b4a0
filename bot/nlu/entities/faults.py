"""What is broken, from the words of a report (`lexicon/faults.yml`). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard
from bot.nlu.lexicon.wordings import read_rules

FAULTS = read_rules("faults")


def find_faults(heard: Heard) -> Iterator[Found]:
    """Entity `service_request_type`: one a message, of the first kind in the file that is heard."""
    for kind, rule in FAULTS:
        for start, end, _ in heard.find(rule):
            yield Found("service_request_type", kind, start, end)
            return
