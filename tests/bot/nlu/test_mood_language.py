import pytest

from bot.nlu.entities.heard import heard
from bot.nlu.language import find_english
from bot.nlu.mood import find_mood
from bot.nlu.person import find_person, find_wish_for_person


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("ya no quiero vivir", "self_harm"),
        ("kiero matarme", "self_harm"),
        ("se está inundando mi casa", "danger"),
        ("hay un cable tirado en el agua", "danger"),
        ("se abrió un socavón", "danger"),
        ("se cayó un niño a la coladera", "danger"),
        ("mi mamá está en diálisis y no hay agua", "distress"),
        ("estoy desesperada", "distress"),
        ("pinches rateros", "fury"),
        ("los voy a demandar", "fury"),
        ("pinche servicio", "anger"),
        ("estoy harto de ustedes", "anger"),
        ("otra vez 🤬", "anger"),
    ],
)
def test_moods(text, mood):
    assert [f.value for f in find_mood(heard(text))] == [mood]


@pytest.mark.parametrize(
    "text",
    [
        "me muero de risa", "me quiero morir de calor", "no hay agua", "cuánto debo", "qué buen servicio",
        "quiero matar el tiempo", "me cortaron el agua",
    ],
)  # fmt: skip
def test_sayings_and_plain_requests_have_no_mood(text):
    assert not list(find_mood(heard(text)))


@pytest.mark.parametrize(
    "text", ["how much do I owe?", "hello, I need to pay my water bill", "there is a leak in my street"]
)
def test_english(text):
    assert [f.value for f in find_english(text)] == ["en"]


@pytest.mark.parametrize("text", ["hello quiero pagar", "ok thanks", "please mi recibo", "a las 5 pm", "no"])
def test_borrowed_words_are_not_english(text):
    assert not list(find_english(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mi mama de 85 años no tiene agua", "elderly"),
        ("soi adulto mallor y no tengo agua", "elderly"),
        ("tengo un vebe de 3 meses y no ay agua", "baby"),
        ("mi esposo esta enfermo y seguimos sin agua", "ill"),
        ("estoy embarazada y no cae agua", "pregnant"),
        ("mi hijo va en silla de ruedas", "disabled"),
    ],
)
def test_who_cannot_be_without_water(text, kind):
    assert [(f.entity, f.value) for f in find_person(heard(text))] == [("fragile", kind)]


@pytest.mark.parametrize("text", ["tengo 20 años pagando", "debo 85 pesos", "mi hermana quiere su recibo"])
def test_others_are_not(text):
    assert not list(find_person(heard(text)))


@pytest.mark.parametrize(
    ("text", "register"),
    [
        ("háblame de tú", "tu"), ("ablame de tu porfa", "tu"), ("tuteame", "tu"), ("no me hables de usted", "tu"),
        ("hábleme de usted", "usted"), ("no me tutees", "usted"), ("no me hables de tú por favor", "usted"),
    ],
)  # fmt: skip
def test_how_one_wants_to_be_spoken_to(text, register):
    assert [(f.entity, f.value) for f in find_person(heard(text))] == [("register", register)]


@pytest.mark.parametrize("text", ["el recibo de tu pagina", "gracias a usted", "hablame de tu servicio"])
def test_a_mention_is_no_wish(text):
    assert not [f for f in find_person(heard(text)) if f.entity == "register"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("hay una fuga muy grande en la calle Zaragoza 15 y quiero hablar con una persona", True),
        ("pinches rateros, pasame con alguien", True),
        ("no entiendo nada pasame con alguien", True),
        ("kiero ablar kon un asesor", True),
        ("me pueden comunicar con un ejecutivo porfavor", True),
        ("ya no quiero hablar con un robot, quiero una persona", True),
        ("no quiero hablar con una persona", False),
        ("no es necesario hablar con una persona", False),
        ("ya hable con una persona ayer", False),
        ("necesito una persona que revise la fuga", False),
        ("hay una persona atrapada", False),
        ("quiero hablar con maria", False),
    ],
)
def test_the_wish_for_a_person_in_words_beyond_doubt(text, wanted):
    assert bool(list(find_wish_for_person(heard(text)))) is wanted
