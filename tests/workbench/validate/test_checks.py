"""Each kind of mistake in a copy of the project's own data: found, at its line, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.nlu.entities.gazetteer import read_gazetteer
from bot.sentences.read import Malformed, read_training
from runtime.parts import ROOT
from workbench.validate import dialogue, sentences, wordings
from workbench.validate.conversations import check_conversations
from workbench.validate.finding import Finding

FAQ = """entries:
- id: pools
  topic: information
  title: Albercas
  questions: ["puedo llenar mi alberca"]
  answer: "Sí puede."
  source: CEA
  checked_on: 2026-11-24
"""
RULES = """version: "3.1"
rules:
- rule: hello
  steps:
  - intent: greet
  - action: utter_hello
- rule: hello again
  steps:
  - intent: greet
  - action: utter_other
"""


def nlu(folder: Path, **intents: list[str]) -> list[Path]:
    for intent, lines in intents.items():
        body = "".join(f"    - {line}\n" for line in lines)
        (folder / f"{intent}.yml").write_text(f"nlu:\n- intent: {intent}\n  examples: |\n{body}", encoding="utf-8")
    return list(folder.glob("*.yml"))


def seen(found: list[Finding]) -> list[tuple[str, int, bool]]:
    return [(f.path.name, f.line, f.error) for f in found]


def test_one_sentence_in_two_intents_is_an_error_and_twice_in_one_a_warning(tmp_path: Path) -> None:
    known = read_training(nlu(tmp_path, deny=["no gracias", "no gracias"], thanks=["mil gracias", "No, gracias"]))
    assert seen(list(sentences.check_twice(known))) == [("deny.yml", 5, False), ("thanks.yml", 5, True)]


def test_near_twins_and_copies_of_evaluation_sentences_are_found(tmp_path: Path) -> None:
    known = read_training(
        nlu(
            tmp_path,
            deny=["quiero pagar mi recibo de agua hoy", "cuánto debo"],
            affirm=["quiero pagar mi resibo de agua hoy"],
        )
    )
    [twins] = sentences.check_near_twins(known)
    assert "casi igual" in twins.what
    assert "decida" in twins.do
    tests = read_training(nlu(tmp_path, zz=["Quiero pagar mi recibo de agua hoy", "cuanto debo"]))
    copied = list(sentences.check_overlap(known, [s for s in tests if s.intent == "zz"]))
    assert [(f.path.name, f.error) for f in copied] == [("affirm.yml", False), ("deny.yml", True)]


def test_a_written_datum_without_a_mark_is_found(tmp_path: Path) -> None:
    lines = ["debo del 455123", "debo del [455123](contract_number)", "soy a@b.mx", "serie A1400387", "somos 4"]
    found = list(sentences.check_unmarked(read_training(nlu(tmp_path, inform=lines)), read_gazetteer()))
    assert [f.line for f in found] == [4, 6]
    assert "[455123](contract_number)" in found[0].do


def test_rules_that_contradict_are_found_at_the_second(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    path.write_text(RULES, encoding="utf-8")
    [found] = dialogue.check_contradictions(dialogue.read_flows([path]))
    assert (found.line, found.error) == (10, True)
    assert f"{path}:6" in found.what
    path.write_text(RULES.replace("utter_other", "utter_hello"), encoding="utf-8")
    assert list(dialogue.check_contradictions(dialogue.read_flows([path]))) == []


def test_an_intent_that_nothing_can_bring_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("intents:\n- deny\n- share_image\n- lost\n", encoding="utf-8")
    (tmp_path / "code.py").write_text('x = "share_image"', encoding="utf-8")
    known = read_training([p for p in nlu(tmp_path, deny=["no"]) if p.stem == "deny"])
    found = list(dialogue.check_intents(tmp_path / "domain.yml", known, [tmp_path / "code.py"]))
    assert seen(found) == [("domain.yml", 4, False)]


def copy(tmp_path: Path) -> Path:
    for name in ("errands.yml", "knowledge/verification.yml", "knowledge/care.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "data" / name, tmp_path / name)
    return tmp_path / "errands.yml"


DOMAIN = {"intents": [], "entities": [], "actions": []}


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ("    steps: [contract]\n    do: action_balance", "    steps: [contrat]\n    do: action_balance", "there is no step contrat"),
        ("    ask: utter_ask_fault", "    asks: utter_ask_fault", "step fault: needs `ask`"),
        ("    level: otp\n", "    level: opt\n", "level opt is none of"),
        ("    steps: [contract, contact]\n    takes: {period: period, choice: choice}\n    do: action_bill", "    steps: [contract]\n    do: action_bill", "reach less than level contact"),
    ],
)  # fmt: skip
def test_an_errand_that_cannot_be_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, what: str) -> None:
    path = copy(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    [found] = dialogue.check_errands(path, tmp_path / "knowledge", DOMAIN, [])
    assert what in found.what
    assert found.line > 1


def test_an_errand_that_names_an_unknown_response_is_told_with_its_line(tmp_path: Path) -> None:
    path = copy(tmp_path)
    found = list(dialogue.check_errands(path, tmp_path / "knowledge", DOMAIN, []))
    missing = next(f for f in found if "«utter_ask_fault»" in f.what)
    assert path.read_text(encoding="utf-8").splitlines()[missing.line - 1].strip() == "ask: utter_ask_fault"


def test_responses_unused_and_missing(tmp_path: Path) -> None:
    (tmp_path / "r.yml").write_text("responses:\n  utter_a:\n  - text: a\n  utter_b:\n  - text: b\n", encoding="utf-8")
    (tmp_path / "code.py").write_text('\nsay("utter_a")\nsay("utter_none")\n', encoding="utf-8")
    found = list(wordings.check_responses(wordings.read_responses([tmp_path / "r.yml"]), [tmp_path / "code.py"]))
    assert seen(found) == [("r.yml", 4, True), ("code.py", 3, True)]


@pytest.mark.parametrize(
    ("right", "wrong", "what"),
    [
        ("topic: information", "topic: pools", "el tema «pools» no existe"),
        ("Albercas", "Albercas y piscinas de la ciudad", "pasa de 24"),
        ("Sí puede.", "Sí puede el {dia}.", "no se puede llenar {dia}"),
        ("  source: CEA\n", "", "le falta source"),
        ("2026-11-24", "ayer", "no es una fecha"),
        ('["puedo llenar mi alberca"]', "puedo llenar", "no es una lista"),
        ('["puedo llenar mi alberca"]', '["qué es"]', "encuentra «nada»"),
        ('"Sí puede."', '{usted: "Sí puede."}', "lleva usted y tu"),
    ],
)
def test_a_frequent_question_with_a_mistake(tmp_path: Path, right: str, wrong: str, what: str) -> None:
    path = tmp_path / "faq.yml"
    path.write_text(FAQ, encoding="utf-8")
    assert list(wordings.check_faq(path)) == []
    path.write_text(FAQ.replace(right, wrong), encoding="utf-8")
    [found] = wordings.check_faq(path)
    assert what in found.what
    assert (found.line, found.error) == (2, True)
    path.write_text("entries: [", encoding="utf-8")
    with pytest.raises(Malformed, match=r"faq\.yml:1"):
        list(wordings.check_faq(path))


def test_the_command_fails_on_an_error_and_says_the_place(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "domain.yml", tmp_path)
    shutil.copy(ROOT / "config.yml", tmp_path)
    with (tmp_path / "data" / "nlu" / "greet.yml").open("a", encoding="utf-8") as file:
        file.write("    - cuánto debo\n")
    command = [sys.executable, "-m", "workbench.validate", "--root", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "data/nlu/greet.yml:" in ran.stdout
    assert "«cuánto debo» está en «greet» y también en «balance_inquiry»" in ran.stdout


CONVERSATION = """- conversation: Cuánto debo
  as: "5214425550163"
  steps:
  - says: cuanto debo
    maria:
    - says: [contrato]
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "told"),
    [
        ("  - says: cuanto debo\n", "  - say: cuanto debo\n", 4, "¿quiso decir «says»?"),
        ("    - says: [contrato]", "    - says: [contrato]\n      kind: boton", 7, "¿quiso decir «buttons»?"),
        ("    - says: [contrato]", "    - say: [contrato]", 6, "¿quiso decir «says»?"),
        ("    maria:", "    taps: Pagar\n    maria:", 4, "sepárelo en pasos"),
        ("  as:", "  who:", 2, "puede ser"),
    ],
)
def test_a_step_that_could_not_be_played(tmp_path: Path, right: str, wrong: str, line: int, told: str) -> None:
    path = tmp_path / "balance.yml"
    path.write_text(CONVERSATION)
    assert list(check_conversations([path])) == []
    path.write_text(CONVERSATION.replace(right, wrong, 1))
    found = list(check_conversations([path]))
    assert [f.line for f in found if told in f.do] == [line]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ('- text: "hola\n', "comillas no se cierran"),
        ("- text: dice: hola\n", "dos puntos de más"),
        ("- {text: hola\n", "llaves { } no se cierran"),
        ("- text: hola\n   intent: greet\n", "dos puntos de más"),
        ("\t- text: hola\n", "tabulador"),
    ],
)
def test_broken_yaml_is_told_in_spanish(tmp_path: Path, broken: str, told: str) -> None:
    path = tmp_path / "eval_01.yml"
    path.write_text(broken)
    with pytest.raises(Malformed, match=told):
        list(check_conversations([path]))
