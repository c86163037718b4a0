"""How María's word lists are read."""

import pytest

from bot.nlu import lexicon
from bot.nlu.chat_words import ABBREVIATIONS
from bot.nlu.lexicon.wordings import read_each, read_rules, read_sounds, read_written

A_LEXICON = """
words:
  bills: recibo factura
  answers: no sí
rules:
  'yes': ['(?:el |la )?(?:{bills}) (?:nuevo|nueva)', 'x{2,3}']
  no: ['tampoco']
written:
  units: ['pesos?', mxn]
"""


@pytest.fixture
def example(tmp_path, monkeypatch):
    (tmp_path / "example.yml").write_text(A_LEXICON, encoding="utf-8")
    monkeypatch.setattr(lexicon, "_FOLDER", tmp_path)
    lexicon.read.cache_clear()
    yield "example"
    lexicon.read.cache_clear()


def test_a_wording_may_name_a_word_list_of_its_file(example):
    (yes, rule), _ = read_rules(example, "rules")
    assert yes == "yes"
    assert rule.search("kiero la faktura nueba")
    assert rule.search("xx")
    assert not rule.search("la boleta nueba")


def test_each_wording_can_have_a_pattern_of_its_own(example):
    assert [kind for kind, _ in read_each(example, "rules")] == ["yes", "yes", "no"]


def test_a_no_is_a_word_and_no_truth_value(example):
    assert read_sounds(example)["answers"] == {"no", "si"}
    assert [kind for kind, _ in read_rules(example, "rules")] == ["yes", "no"]
    assert ABBREVIATIONS["nel"] == "no"


def test_what_is_matched_as_it_is_written_stays_as_it_is(example):
    assert read_written(example) == {"units": "pesos?|mxn"}
