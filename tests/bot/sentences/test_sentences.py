from pathlib import Path

import pytest

from bot.sentences.read import Malformed, Mark, read_evaluation, read_training
from bot.sentences.twins import key, near, pairs

FILE = """version: "3.1"
# a comment
nlu:
- intent: greet
  examples: |
    - hola
    - de la [prepa](zone:Prepa Norte) y del [0366120](contract_number)
- intent: deny
  examples: |

    - pago en [osso]{"entity": "payment_method", "value": "oxxo"}
"""


def written(folder: Path, text: str, name: str = "a.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_sentences_know_their_line_and_their_marks(tmp_path: Path) -> None:
    path = written(tmp_path, FILE)
    one, two, three = read_training([path])
    lines = path.read_text().splitlines()
    assert [(s.text, s.intent) for s in (one, three)] == [("hola", "greet"), ("pago en osso", "deny")]
    assert ["hola" in lines[one.line - 1], "[prepa]" in lines[two.line - 1], "[osso]" in lines[three.line - 1]]
    assert two.text == "de la prepa y del 0366120"
    assert two.marks == (Mark("zone", "Prepa Norte", 6, 11), Mark("contract_number", "0366120", 18, 25))
    assert three.marks == (Mark("payment_method", "oxxo", 8, 12),)
    assert one.place == f"{path}:6"


@pytest.mark.parametrize(
    ("text", "line"),
    [("nlu:\n- intent: x\n  examples: [", ":3"), (FILE.replace('"value": "oxxo"}', "value}"), ":11"), ("a\0b", ":1")],
)
def test_what_cannot_be_read_says_where(tmp_path: Path, text: str, line: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(Malformed, match=f"{path.name}{line}"):
        read_training([path])


def test_an_evaluation_entry_without_intent_says_where(tmp_path: Path) -> None:
    path = written(tmp_path, '- text: "hola"\n  intent: greet\n- text: "adiós"\n')
    with pytest.raises(Malformed, match=":3"):
        read_evaluation([path])


def test_case_accents_marks_and_figures_do_not_tell_sentences_apart_but_emojis_do() -> None:
    assert key("¿Cuánto DEBO del 455123?") == key("cuanto debo del 998877")
    assert key("hola") != key("🙋 hola")
    assert key("👍") == "👍"


def test_near_twins_are_found_and_short_sentences_are_not_confused() -> None:
    known = [key(t) for t in ("quiero pagar mi recibo de agua", "si", "cuanto cuesta el metro cubico")]
    assert near("quiero pagar mi resibo de agua", known) == (0, pytest.approx(96.7, abs=0.1))
    assert near("no", known) is None
    assert near("SÍ", known) == (1, 100.0)
    assert near("no me ha llegado el recibo de este mes", known) is None
    assert pairs([*known, key("quiero pagar mi resibo de agua")]) == [(0, 3, pytest.approx(96.7, abs=0.1))]
