import pytest

from services.digits_said import digits_said, hide_digits


def said(text: str) -> set[str]:
    return {reading.figures for reading in digits_said(text, 6)}


@pytest.mark.parametrize(
    "text",
    [
        "123456", "123 456", "12-34-56", "1.2.3.4.5.6", "1/2/3/4/5/6", "1\n2\n3\n4\n5\n6", "1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣", "１２３４５６", "①②③④⑤⑥",
        "uno dos tres cuatro cinco seis", "UNO, DOS, TRES, CUATRO, CINCO, SEIS", "uno-dos-tres-cuatro-cinco-seis",
        "es el uno y luego dos, tres y cuatro cinco seis gracias", "un dos tres kuatro sinco zeis",
        "doce treinta y cuatro 56", "12 treinta y cuatro cincuenta y seis",
        "ciento veintitrés cuatrocientos cincuenta y seis", "ciento veintitrés mil cuatrocientos cincuenta y seis",
        "one two three four five six", "mi código es 1 dos 3 cuatro 5 seis",
    ],
)  # fmt: skip
def test_however_a_code_is_written(text: str) -> None:
    assert "123456" in said(text)
    hidden = hide_digits(text, "123456", "••••••")
    assert "••••••" in hidden
    assert "123456" not in said(hidden)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cero cero siete ocho nueve uno", "007891"),
        ("doble cero siete ocho nueve uno", "007891"),
        ("triple cinco cero cero dos", "555002"),
        ("mil doscientos treinta y cuatro cincuenta y seis", "123456"),
        ("veintiuno noventa y nueve cero tres", "219903"),
        ("dieciséis cuarenta cincuenta", "164050"),
    ],
)
def test_zeros_pairs_and_sums(text: str, code: str) -> None:
    assert code in said(text)


def test_words_around_stay() -> None:
    kept = hide_digits("me llegó este: uno dos tres cuatro cinco seis ¿qué hago con los dos?", "123456", "•")
    assert kept == "me llegó este: • ¿qué hago con los dos?"


@pytest.mark.parametrize("text", ["1234567", "0123456", "12345", "uno dos tres", "hola", "", "un perro dos gatos", "²"])
def test_what_says_no_such_number(text: str) -> None:
    assert "123456" not in said(text)


def test_a_huge_hostile_text_is_read_in_one_go() -> None:
    assert "303030" in said("treinta y " * 400)
    assert "111111" in said("1 " * 2000)
    assert said("doble " * 2000 + "mil " * 2000) == set()
