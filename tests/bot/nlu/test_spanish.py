import random

import pytest

from bot.nlu.number_words import Piece, numbers
from bot.nlu.spanish import NUMBER_SOUNDS, normalise, spell

SAME = [
    ("Qiero mi resivo xfa", "quiero mi recibo por favor"),
    ("ola bnas trds grax", "hola buenas trds gracias"),
    ("nooooo ay awa", "no hay agua"),
    ("xq me yego tan caroooo", "porque me llegó tan caro"),
    ("hize una transferensia", "hice una transferencia"),
    ("kuanto devo", "¿Cuánto debo?".strip("¿?")),
    ("embienme el resivo", "envíenme el recibo"),
    ("Mañana paso", "manana paso"),
    ("tmb qiero", "también quiero"),
    ("18 m³", "18 metros cúbicos"),
    ("mi contrato 455123", "mi contrato 0998877"),
    ("contrato cuatro cinco cinco uno dos tres", "contrato 455123"),
    ("la jente agüita", "la gente aguita"),
]
AWKWARD = list("aeiousckqhvbzxlynmgwrdjpt  .,;:!?¿ñáéü0123456789@$%/-\n") + [
    "😡", "🙏", "mil ", "uno ", "²", "①", "٣", "İ", "ﬁ", "\u0301", "m3", "\u200d", "中", "ß", "\ud83d",
]  # fmt: skip


def noise(seed):
    chosen = random.Random(seed)
    return "".join(chosen.choice(AWKWARD) for _ in range(chosen.randint(0, 40)))


@pytest.mark.parametrize(("chat", "book"), SAME)
def test_chat_and_book_spelling_become_the_same(chat, book):
    assert normalise(chat) == normalise(book)


@pytest.mark.parametrize("seed", range(20))
def test_normalising_twice_changes_nothing_and_never_raises(seed):
    for n in range(100):
        once = normalise(noise(seed * 100 + n))
        assert normalise(once) == once


@pytest.mark.parametrize(("one", "other"), [("caro", "pago"), ("no", "si"), ("recibo", "reviso"), ("casa", "cama")])
def test_different_words_stay_different(one, other):
    assert spell(one) != spell(other)


def test_emojis_become_words():
    assert normalise("😡 no hay 💧") == normalise("enojo no hay agua")


def test_empty_and_punctuation_only():
    assert normalise("") == ""
    assert normalise("... !!") == ""


def pieces(said):
    for i, word in enumerate(said.split()):
        if word == "y":
            yield Piece(i, i + 1, None)
        elif word.isdigit():
            yield Piece(i, i + 1, int(word), word)
        else:
            yield Piece(i, i + 1, NUMBER_SOUNDS[spell(word)])


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("mil doscientos treinta y cinco", ["1235"]),
        ("cuatro cinco cinco uno dos tres", ["4", "5", "5", "1", "2", "3"]),
        ("2 mil 300", ["2300"]),
        ("mil 200", ["1200"]),
        ("cuarenta y cinco cincuenta y uno veintitres", ["45", "51", "23"]),
        ("cero cero cuatro", ["0", "0", "4"]),
        ("dos mil veinticinco", ["2025"]),
        ("dos millones tres mil", ["2003000"]),
        ("ciento cinco mil cuatrocientos uno", ["105401"]),
        ("455 123", ["455", "123"]),
        ("123 4567", ["123", "4567"]),
    ],
)
def test_numbers_as_spanish_says_them(said, digits):
    assert [n.digits for n in numbers(pieces(said))] == digits


@pytest.mark.parametrize(
    "word", ["la", "el", "y", "a", "tan", "km", "ello", "ya", "va", "se", "su", "ni", "lo", "le", "ha"]
)
def test_ordinary_words_are_not_taken_for_abbreviations(word):
    assert normalise(word) == spell(word)
