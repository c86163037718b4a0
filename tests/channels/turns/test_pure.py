"""Choices, steps, requests and replies: the pure parts of a turn."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.turns.choices import choose
from channels.turns.lexicon import Lexicon
from channels.turns.replies import to_messages
from channels.turns.request import Fetched, Say, reacted, shared, tapped, typed
from channels.turns.steps import MOST_CHARACTERS, MOST_LINES, Step, plan_steps
from services.messaging.inbound import Inbound, Kind, MediaPointer, Sender
from services.messaging.inbox import InboxItem
from services.messaging.outbound import (
    Buttons,
    Document,
    Image,
    LinkButton,
    ListMenu,
    LocationRequest,
    Option,
    Place,
    Text,
    options_of,
)

LEXICON = Lexicon.read()
NOW = datetime(2026, 12, 7, tzinfo=UTC)
TITLES = ("Ver cuánto debo", "Pagar", "Reportar una falla")
OPTIONS = tuple(Option(id=f"/o{n}", title=title) for n, title in enumerate(TITLES, 1))


def item(number: int, text: str | None = "x", turn_id: str | None = None, **more: Any) -> InboxItem:
    given = {"kind": Kind.TEXT, "sent_at": NOW, **more}
    message = Inbound(channel="whatsapp", provider_id=str(number), sender=Sender(phone="1"), text=text, **given)
    return InboxItem(number, message, turn_id, None, 0)


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("Pagar", 2),
        ("pagar!!", 2),
        ("pagarr", 2),
        ("ver cuanto devo", 1),
        ("1", 1),
        ("3.", 3),
        ("la primera", 1),
        ("la segunda por favor", 2),
        ("el de abajo", 3),
        ("la última", 3),
        ("opción 2", 2),
        ("4", None),
        ("0", None),
        ("no", None),
        ("455123", None),
        ("quiero pagar mi recibo de agua de enero", None),
        ("la primera o la segunda", None),
        ("los dos", None),
        ("de los tres", None),
        ("mi segunda casa", None),
        ("hola\nPagar", None),
        ("👍", None),
        ("", None),
    ],
)
def test_typed_choices(said: str, chosen: int | None) -> None:
    option = choose(said, OPTIONS, LEXICON)
    assert option == (OPTIONS[chosen - 1] if chosen else None)


def test_a_number_is_no_choice_when_there_is_only_one_button() -> None:
    assert choose("1", OPTIONS[:1], LEXICON) is None
    assert choose("1", (), LEXICON) is None


def test_alike_labels_are_not_guessed_between() -> None:
    months = tuple(Option(id=f"/{n}", title=f"Contrato 821{n}") for n in range(3))
    assert choose("contrato 8214", months, LEXICON) is None
    assert choose("contrato 8211", months, LEXICON) == months[1]


def test_a_burst_is_one_step_and_taps_stand_alone() -> None:
    items = [item(1, "hola"), item(2, "una pregunta"), item(3, "Pagar", kind=Kind.TAP), item(4, "y"), item(5, "otra")]
    steps = plan_steps("c", items)
    assert [(step.turn_id, step.text) for step in steps] == [
        ("c:1-2", "hola\nuna pregunta"),
        ("c:3-3", "Pagar"),
        ("c:4-5", "y\notra"),
    ]


def test_a_long_burst_is_taken_in_portions_that_are_understood_line_by_line() -> None:
    items = [item(n, f"renglón {n}") for n in range(1, 12)]
    assert [len(step.items) for step in plan_steps("c", items)] == [MOST_LINES, 3]
    items = [item(1, "hola"), item(2, "x" * MOST_CHARACTERS), item(3, "quiero hablar con una persona")]
    assert [step.ids for step in plan_steps("c", items)] == [[1], [2], [3]]


def test_a_replay_keeps_the_grouping() -> None:
    items = [item(1, "a", "c:1-2"), item(2, "b", "c:1-2"), item(3, "c")]
    assert [(s.turn_id, s.ids) for s in plan_steps("c", items)] == [("c:1-2", [1, 2]), ("c:3-3", [3])]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/restart", "restart"),
        (" / /back{}", "back{}"),
        ("hola", "hola"),
        ("  ", None),
        ("//", None),
    ],
)
def test_typed_text_has_no_slash_power(text: str, said: str | None) -> None:
    say = typed(text, 10)
    assert say == (Say(text=said) if said else None)


def test_what_is_too_long_is_cut_and_the_rest_kept_apart() -> None:
    assert typed("x" * 10 + "y" * 20, 10) == Say(text="x" * 10, rest="y" * 20)


@pytest.mark.parametrize(
    ("tap_id", "intent", "entities"),
    [
        ("/bill_request", "bill_request", {}),
        ('/inform{"amount": "100", "n": 2}', "inform", {"amount": "100", "n": 2}),
        ('/inform{"a": {"b": 1}}', None, {}),
        ('/inform{"__class__": 1}', None, {}),
        ("/inform{broken", None, {}),
        ("plain", None, {}),
        ("/Restart", None, {}),
    ],
)
def test_taps(tap_id: str, intent: str | None, entities: dict[str, Any]) -> None:
    assert tapped(tap_id, "Título", 100) == Say(text="Título", intent=intent, entities=entities)


def test_shares() -> None:
    photo = item(1, "mi recibo", kind=Kind.IMAGE, media=MediaPointer(provider_id="9"))
    step = Step("t", (photo,))
    assert shared(step, Fetched("m1"), 100) == Say(
        intent="share_image", entities={"media": "m1", "caption": "mi recibo"}, media=("m1",)
    )
    failed = shared(step, Fetched(error="too_big"), 100)
    assert failed == Say(intent="share_image", entities={"media_error": "too_big", "caption": "mi recibo"})
    place = item(2, None, kind=Kind.LOCATION, latitude=20.5, longitude=-100.3, place_name="Casa")
    assert shared(Step("t", (place,)), Fetched(), 100) == Say(
        intent="share_location", entities={"latitude": 20.5, "longitude": -100.3, "place_name": "Casa"}
    )
    card = item(3, None, kind=Kind.CONTACTS, shared_phone="524425550177")
    assert shared(Step("t", (card,)), Fetched(), 9) == Say(intent="share_contact", entities={"phone": "524425550177"})
    for kind, intent in [
        (Kind.STICKER, "share_sticker"),
        (Kind.FORM, "share_form"),
        (Kind.UNSUPPORTED, "share_unsupported"),
    ]:
        assert shared(Step("t", (item(4, None, kind=kind),)), Fetched(), 9) == Say(intent=intent)


@pytest.mark.parametrize(
    ("emoji", "to_last", "intent"),
    [
        ("👍", True, "affirm"),
        ("👍🏽", True, "affirm"),
        ("👎", True, "deny"),
        ("😂", True, None),
        ("👍", False, None),
        (None, True, None),
    ],
)
def test_reactions(emoji: str | None, to_last: bool, intent: str | None) -> None:
    say = reacted(item(1, None, kind=Kind.REACTION, emoji=emoji).message, to_last, LEXICON)
    assert (say.intent if say else None) == intent


def buttons(count: int) -> list[dict[str, str]]:
    return [{"title": f"T{n}", "payload": f"/p{n}"} for n in range(count)]


def reply(**given: Any) -> Any:
    made = to_messages([given], LEXICON)
    return made[0] if len(made) == 1 else made


def test_replies() -> None:
    assert reply(text="hola") == Text(body="hola")
    assert reply(text="hola", custom={"footer": "pie"}) == Text(body="hola\n\npie")
    assert reply(text="  ") == []
    assert isinstance(reply(text="a", buttons=buttons(3)), Buttons)
    listed = reply(text="a", buttons=buttons(12), custom={"list_button": "Ver"})
    assert isinstance(listed, ListMenu)
    assert (listed.button, len(options_of(listed))) == ("Ver", 10)
    assert reply(text="a", buttons=buttons(4)).button == LEXICON.list_button
    assert isinstance(reply(text="a", buttons=buttons(2), custom={"list_button": "Ver"}), ListMenu)
    assert reply(image="m", text="pie") == Image(media="m", caption="pie")
    assert reply(attachment="m", text="pie") == Document(media="m", caption="pie")
    assert reply(image="m", text="a", buttons=buttons(1)).image == "m"
    assert reply(attachment="m", buttons=buttons(1)).body == LEXICON.choose
    assert [type(m) for m in reply(image="m", text="a", buttons=buttons(5))] == [Image, ListMenu]
    assert reply(text="a", custom={"kind": "location_request"}) == LocationRequest(body="a")
    both = reply(text="a", buttons=buttons(1), custom={"kind": "location_request"})
    assert [type(m) for m in both] == [LocationRequest, Buttons]
    link = {"kind": "link", "title": "Pagar", "url": "https://pago.example/x"}
    assert isinstance(reply(text="a", custom=link), LinkButton)
    place = {"kind": "place", "latitude": "20.5", "longitude": -100, "name": "n", "address": "a"}
    assert reply(custom=place) == Place(latitude=20.5, longitude=-100.0, name="n", address="a")


def test_the_same_choice_is_offered_once() -> None:
    twice = [{"title": "Sí", "payload": "/affirm"}, {"title": "Sí", "payload": "/x"}, {"title": "", "payload": "/y"}]
    assert len(reply(text="¿?", buttons=twice).options) == 1


def test_messages_survive_the_database() -> None:
    for message in to_messages([{"text": "a", "buttons": buttons(5)}], LEXICON):
        assert type(message).model_validate(json.loads(message.model_dump_json())) == message
