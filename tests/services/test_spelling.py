"""The same words, however they are written."""

from __future__ import annotations

from services.spelling import fold, plain_words


def test_accents_and_capitals_do_not_matter_but_marks_stay() -> None:
    assert fold("¿Qué tal, Señor ÑANDÚ?") == "¿que tal, senor nandu?"
    assert fold("pingu\u0308ino") == fold("pingüino") == "pinguino"


def test_plain_words_have_neither_marks_nor_emojis() -> None:
    assert plain_words("  ¡Sí!\n  ésa, la 2ª 👋🏽 ✌\ufe0f") == "si esa la 2"
    assert plain_words("❤\ufe0f") == ""
