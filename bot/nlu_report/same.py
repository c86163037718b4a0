"""Whether a found entity is what a label says."""

from __future__ import annotations

from bot.nlu.entities.gazetteer import Gazetteer
from bot.nlu.entities.heard import Heard, words
from bot.nlu_report.cases import Case, Label, Span

_SMALL = words("el la los las de del en por mi al")


class SameValue:
    """Compares values; places by the name they stand for, words as written without articles."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def __call__(self, case: Case, span: Span, label: Label) -> bool:
        """Whether the span found in the case is the labelled entity."""
        if label.as_written:
            written = case.text[span.start : span.end]
            return self._name(written) == self._name(label.value) or span.value == label.value
        if label.entity == "amount":
            return _as_number(span.value) == _as_number(label.value)
        return span.value.lower() == label.value.lower()

    def _name(self, spelling: str) -> str:
        sound = Heard(spelling).line
        bare = " ".join(word for word in sound.split() if word not in _SMALL)
        place = self._gazetteer.exact(sound) or self._gazetteer.exact(bare)
        return place.name if place else bare


def _as_number(text: str) -> float | str:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return text
