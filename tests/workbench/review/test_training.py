import re
from pathlib import Path

import pytest
import yaml

from bot.sentences.read import read_training
from workbench.review.training import Rejected, Training
from workbench.review.wording import annotate, clean


def content(training: Training, intent: str) -> str:
    return (training.folder / f"{intent}.yml").read_text(encoding="utf-8")


def test_a_sentence_goes_below_the_others_of_its_intent_with_its_entities_marked(training: Training) -> None:
    before = content(training, "bill_request")
    line = training.add("mándame el papel del 000000 de la colonia El Milagro, lo pago en el osso", "bill_request")
    assert "[000000](contract_number)" in line
    assert '[osso]{"entity": "payment_method", "value": "oxxo"}' in line
    assert content(training, "bill_request") == before.rstrip("\n") + f"\n    - {line}\n"
    training.remove("bill_request", line)
    assert content(training, "bill_request") == before


@pytest.mark.parametrize(
    "hostile",
    [
        "oiga\n- intent: greet\n  examples: |\n    - ya valió la cosa esta",
        '[todo]{"entity": "amount", "value": "1"} me urge verlo [x](zone) ahorita mismo',
        "/restart la conversación entera por favor ya",
        "- - -- ponga eso en la lista del mandado señorita",
        "un texto \x00con\x1b[31m letras\u202e raras adentro \\n y barra",
        "```\n---\n%YAML 1.2\n!!python/object:os.system {a: b} &x *x",
        "🙏🏽 👩‍👩‍👧 que ya nos pongan el agua hombre 💧",
    ],
)
def test_nothing_a_citizen_writes_becomes_yaml_or_an_annotation(training: Training, hostile: str) -> None:
    before = read_training(training.folder.glob("*.yml"))
    training.add(hostile, "out_of_scope")
    after = read_training(training.folder.glob("*.yml"))
    [new] = [s for s in after if s not in before]
    assert (len(after), new.intent, new.text) == (len(before) + 1, "out_of_scope", clean(hostile))
    assert [m.entity for m in new.marks if m.entity == "amount"] == []
    assert yaml.safe_load(content(training, "out_of_scope"))["nlu"][0]["intent"] == "out_of_scope"
    assert not re.search(r"[\[\]{}\\\x00-\x08]", clean(hostile))


@pytest.mark.parametrize(
    ("text", "intent", "why"),
    [
        ("me pasa mi recibo del agua", "bill_request", "frases de prueba"),
        ("me pasas mi recibo del agua", "bill_request", "frases de prueba"),
        ("Quiero que me manden el recivo de la casa", "bill_request", "casi igual en esta misma intención"),
        ("quiero que me manden el recibo de la casa", "greet", "casi igual pero en «bill_request»"),
        ("a ver qué pasa con esto", "no_such_intent", "no existe"),
        ("a ver qué pasa con esto", "../../etc/passwd", "no existe"),
        ("/// - [] \x00", "greet", "No queda nada"),
    ],
)
def test_what_must_not_be_learned_is_refused_and_no_file_changes(
    training: Training, text: str, intent: str, why: str
) -> None:
    before = {p: p.read_bytes() for p in training.folder.iterdir()}
    if why == "No queda nada":
        text = "/// - \x00"
    with pytest.raises(Rejected, match=why):
        training.add(text, intent)
    assert {p: p.read_bytes() for p in training.folder.iterdir()} == before


def test_undoing_what_somebody_else_took_out_says_so(training: Training) -> None:
    with pytest.raises(Rejected, match="ya no está"):
        training.remove("greet", "nunca estuvo")


def test_every_sentence_of_the_project_would_be_marked_without_losing_a_letter(gazetteer: object) -> None:
    for sentence in read_training(Path("data/nlu").glob("b*.yml")):
        words = clean(sentence.text)
        marked = annotate(words, gazetteer)  # type: ignore[arg-type]
        assert re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", marked) == words
