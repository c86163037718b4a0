import pytest

from bot.nlu.entities.heard import heard
from bot.nlu.language import find_english
from bot.nlu.mood import find_mood


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
        ("pinches rateros", "anger"),
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
