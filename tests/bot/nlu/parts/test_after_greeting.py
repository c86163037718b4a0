"""Where a greeting ends and the request begins."""

import pytest

from bot.nlu.parts.after_greeting import after_greeting
from bot.nlu.parts.place import LONGEST


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("hola buenas tardes oiga me llego carisimo el recibo", "me llego carisimo el recibo"),
        ("Hola, buenas tardes señorita: quiero mi recibo", "quiero mi recibo"),
        ("wenas tardes kuanto devo", "kuanto devo"),
        ("hola\nbuenas\nuna pregunta\ncuanto debo", "cuanto debo"),
        ("Buen día, disculpe la molestia, ¿a qué hora abren?", "¿a qué hora abren?"),
        ("hola 0064410", "0064410"),
        ("hola", None),
        ("buenas tardes señorita.", None),
        ("cuánto debo, buenas tardes", None),
        ("/greet", None),
        ("", None),
        ("hola " + "x" * LONGEST, None),
    ],
)
def test_the_words_after_the_greeting(text, rest):
    place = after_greeting(text)
    assert (place and text[slice(*place)].lstrip("¿ ")) == (rest and rest.lstrip("¿ "))
