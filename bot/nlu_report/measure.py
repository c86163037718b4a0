"""Figures from answers. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.calibration import expected_calibration_error
from bot.nlu_report.cases import OUT_OF_SCOPE, TEN, Answer, Case, Label, Span
from bot.understanding import Understanding

# All that a bare number may be: over one span, one right reading is enough.
ALTERNATIVES = frozenset({"contract_number", "otp_code", "number", "phone", "zone", "amount", "reading_m3"})
CODES = ("contract_number", "amount", "otp_code")
UNLABELLED = frozenset(
    {"number", "mood", "language", "fragile", "register", "person"}
)  # beside the labels: scored only where labelled

Same = Callable[[Case, Span, Label], bool]


@dataclass(frozen=True)
class Counts:
    """Found rightly, found wrongly, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of what was found, how much is right."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Of what was there, how much was found."""
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


def share(answers: Sequence[Answer], holds: Callable[[Answer], bool]) -> float:
    """The fraction of answers for which something holds; 0 of none."""
    return sum(map(holds, answers)) / max(len(answers), 1)


def begun(answer: Answer, understanding: Understanding) -> tuple[str, ...]:
    """The errands that are begun, not merely offered: one, none, or two (the rule of `bot/dialogue/double.py`)."""
    halves = {intent for intent, _ in answer.halves}
    sure = all(i in understanding.errands and p >= understanding.both for i, p in answer.halves)
    if len(halves) == 2 and sure and (answer.intent in halves or answer.confidence < understanding.start):
        return tuple(intent for intent, _ in answer.halves)
    starts = answer.intent in understanding.errands and answer.confidence >= understanding.start
    return (answer.intent,) if starts else ()


def started_wrongly(answer: Answer, understanding: Understanding) -> bool:
    """An errand was begun that neither label asks for."""
    return not set(begun(answer, understanding)) <= {answer.case.intent, *answer.case.also}


def headline(answers: Sequence[Answer], understanding: Understanding, same: Same) -> dict[str, float]:
    """The figures with targets; below `clarify` María only says what she can do."""
    ten = [a for a in answers if a.case.intent in TEN]
    outside = [a for a in answers if a.case.intent == OUT_OF_SCOPE]
    real = [a for a in answers if a.real]
    per_entity = entity_counts(answers, same)
    everything = sum(per_entity.values(), Counts())
    codes = sum((per_entity.get(name, Counts()) for name in CODES), Counts())
    times = np.array([a.milliseconds for a in answers] or [0.0])
    confidence, right = np.array([a.confidence for a in answers]), np.array([a.right for a in answers], float)

    def refused(answer: Answer) -> bool:
        return answer.intent == OUT_OF_SCOPE or answer.confidence < understanding.clarify

    return {
        "ten_strict": share(ten, lambda a: a.strictly_right),
        "ten_lenient": share(ten, lambda a: a.right),
        "all_strict": share(answers, lambda a: a.strictly_right),
        "all_lenient": share(answers, lambda a: a.right),
        "wrong_started": share(answers, lambda a: started_wrongly(a, understanding)),
        "served_twice": share(answers, lambda a: len(begun(a, understanding)) == 2),
        "outside_caught": share(outside, refused),
        "real_refused": share(real, refused),
        "entities_f1": everything.f1,
        "codes_f1": codes.f1,
        "calibration_error": expected_calibration_error(confidence, right),
        "ms_p50": float(np.percentile(times, 50)),
        "ms_p95": float(np.percentile(times, 95)),
    }


def per_intent(answers: Sequence[Answer]) -> dict[str, tuple[int, float, float]]:
    """For each intent: how many sentences, strict and lenient accuracy."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[answer.case.intent].append(answer)
    return {
        intent: (len(group), share(group, lambda a: a.strictly_right), share(group, lambda a: a.right))
        for intent, group in sorted(groups.items())
    }


def confusions(answers: Sequence[Answer]) -> list[tuple[tuple[str, str], list[Answer]]]:
    """Pairs (truth, prediction) that went wrong, the commonest first."""
    pairs: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in answers:
        if not answer.right:
            pairs[answer.case.intent, answer.intent].append(answer)
    return sorted(pairs.items(), key=lambda item: -len(item[1]))


def labelled_kinds(answers: Sequence[Answer]) -> frozenset[str]:
    """The kinds of entity that these sentences label; others cannot be judged by them."""
    return frozenset(label.entity for a in answers for label in a.case.entities)


def entity_counts(answers: Sequence[Answer], same: Same, kinds: frozenset[str] | None = None) -> dict[str, Counts]:
    """For each kind of entity that the sentences label, or of `kinds` where given."""
    labelled = labelled_kinds(answers) if kinds is None else kinds
    total: dict[str, Counts] = defaultdict(Counts)
    for answer in answers:
        for entity, counts in _counts_of(answer, labelled, same).items():
            total[entity] += counts
    return dict(sorted(total.items()))


def _counts_of(answer: Answer, labelled: frozenset[str], same: Same) -> dict[str, Counts]:
    right, missed = Counter[str](), Counter[str]()
    left = [s for s in answer.spans if s.entity in labelled and answer.case.judges(s.entity)]
    settled: list[Span] = []
    for label in answer.case.entities:
        hit = next((s for s in left if s.entity == label.entity and same(answer.case, s, label)), None)
        if hit is None:
            missed[label.entity] += 1
            continue
        right[label.entity] += 1
        left.remove(hit)
        settled.append(hit)
    wrong = Counter(s.entity for s in left if not _excused(s, settled))
    return {e: Counts(right[e], wrong[e], missed[e]) for e in {*right, *wrong, *missed}}


def _excused(span: Span, settled: list[Span]) -> bool:
    """Another reading of a number that was read rightly, or a kind nobody labels unless it matters."""
    if span.entity in UNLABELLED:
        return True
    same_value = any(s.entity == span.entity and s.value == span.value for s in settled)
    other_reading = span.entity in ALTERNATIVES and any(
        s.entity in ALTERNATIVES and s.start < span.end and span.start < s.end for s in settled
    )
    return same_value or other_reading
