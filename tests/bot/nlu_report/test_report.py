from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.nlu_report import history
from bot.nlu_report.cases import Answer, Case, Label, Span, read_sets
from bot.nlu_report.measure import begun, headline, started_wrongly
from bot.nlu_report.model import Identity, identity
from bot.nlu_report.page import render
from bot.nlu_report.targets import TARGETS
from bot.understanding import Understanding

SURE = Understanding(start=0.5, clarify=0.3, both=0.7, errands=frozenset({"balance_inquiry", "bill_request"}))
OLD, NEW = (
    Identity("a" * 32, "old.tar.gz", "2026-11-01T10:00", "sm"),
    Identity("b" * 32, "new.tar.gz", "2026-11-02T10:00", "md"),
)
NOW = datetime(2026, 11, 24, 12)


def same(case: Case, span: Span, label: Label) -> bool:
    return span.value == label.value


def answer(text: str, truth: str, said: str, confidence: float = 0.9, **more: object) -> Answer:
    ranking = ((said, confidence), ("out_of_scope", 1 - confidence))
    return Answer(Case(text, truth, **more), said, confidence, ranking, milliseconds=10.0)


ANSWERS = [
    answer("cuanto debo", "balance_inquiry", "balance_inquiry"),
    answer("mi recibo <script>alert(1)</script>", "bill_request", "balance_inquiry"),
    answer("y el papel", "bill_request", "balance_inquiry", also=("balance_inquiry",)),
    answer("algo de algo", "bill_request", "balance_inquiry", 0.4),
    answer("quiero luz", "out_of_scope", "out_of_scope"),
    answer("hola", "greet", "goodbye"),
]


def summary(model: Identity, answers: list[Answer]) -> history.Summary:
    return history.summarise(model, {"fresh": answers}, {"fresh": headline(answers, SURE, same)}, NOW)


def test_only_a_sure_wrong_errand_counts_as_started() -> None:
    assert [a.case.text for a in ANSWERS if started_wrongly(a, SURE)] == ["mi recibo <script>alert(1)</script>"]
    figures = headline(ANSWERS, SURE, same)
    assert figures["wrong_started"] == pytest.approx(1 / 6)
    assert figures["outside_caught"] == 1.0
    assert set(TARGETS) == set(figures)


def test_a_message_taken_for_two_is_wrong_where_one_of_them_was_not_asked_for() -> None:
    halves = (("balance_inquiry", 0.9), ("bill_request", 0.8))
    both, one = ("balance_inquiry", "bill_request"), ("balance_inquiry",)
    group = [
        answer(t, t, t, also=also) for t, also in (("balance_inquiry", ("bill_request",)), ("balance_inquiry", ()))
    ]
    group = [replace(a, halves=halves) for a in group]
    assert [begun(a, SURE) for a in group] == [both, both]
    assert [started_wrongly(a, SURE) for a in group] == [False, True]
    unsure = replace(group[1], halves=(halves[0], ("bill_request", 0.6)))
    assert begun(unsure, SURE) == one
    assert headline(group, SURE, same)["served_twice"] == 1.0


def test_a_summary_is_kept_read_again_and_compared(tmp_path: Path) -> None:
    worse = [answer("cuanto debo", "balance_inquiry", "greet"), answer("hola", "greet", "greet"), *ANSWERS[1:5]]
    history.keep(tmp_path, summary(OLD, worse))
    now = summary(NEW, ANSWERS)
    history.keep(tmp_path, now)
    before = history.previous(tmp_path, NEW)
    assert before
    assert before.model == OLD
    better, lost = history.flips(now, before, "fresh")
    assert [(old.said, new.text) for old, new in better] == [("greet", "cuanto debo")]
    assert [(new.said, new.text) for _, new in lost] == [("goodbye", "hola")]


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(ValueError, match=r"x\.json"):
        history.read(tmp_path / "x.json")
    (tmp_path / "m.tar.gz").write_text("no model")
    with pytest.raises(ValueError, match="not a trained model"):
        identity(tmp_path / "m.tar.gz")


def test_the_page_shows_figures_flips_and_pictures_and_escapes_what_people_wrote() -> None:
    before = summary(OLD, [answer("cuanto debo", "balance_inquiry", "greet")])
    page = render(summary(NEW, ANSWERS), before, {"fresh": ANSWERS}, SURE, same, frozenset({"hola"}))
    assert "<script>" not in page
    assert "mi recibo &lt;script&gt;" in page
    assert page.count("<svg") == 4
    assert "1 de ellas" in page  # the one that is among the training sentences
    assert "1 frases que antes fallaba y ahora acierta" in page
    assert "bill_request → balance_inquiry (2)" in page
    for target in TARGETS.values():
        assert target.name in page


def test_the_first_model_has_nothing_to_compare_with() -> None:
    assert "Es el primero" in render(summary(NEW, ANSWERS), None, {"fresh": ANSWERS}, SURE, same, frozenset())


def test_a_change_is_good_or_bad_by_its_target() -> None:
    assert TARGETS["all_lenient"].better(0.95, 0.94) is True
    assert TARGETS["wrong_started"].better(0.02, 0.01) is False
    assert TARGETS["ms_p95"].better(30.0, 30.01) is None
    assert TARGETS["all_lenient"].show_change(0.95, 0.94) == "+1.0"


def test_the_repositorys_sets_are_told_apart() -> None:
    sets = read_sets(Path("tests/nlu"))
    assert list(sets) == ["fresh", "eval"]
    assert len(sets["fresh"]) >= 500
