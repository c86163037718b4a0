"""Lines that open an answer: same bubble, the right register, other words each time, buttons that do not crowd."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from bot.channel.openings import open_with

TU = [{"type": "slot", "name": "register", "value": "tu"}]
GO_ON = {"title": "Seguir", "payload": '/inform{{"choice": "go_on"}}'}
PERSON = {"title": "Hablar con alguien", "payload": "/handoff_request"}
PAY = {"title": "Pagar", "payload": "/payment_reference"}


class Domain:
    responses: ClassVar = {
        "utter_line": [{"text": "Uno."}, {"text": "Dos."}, {"text": "One tú.", "condition": TU}],
        "utter_offer": [{"text": "¿Una persona?", "buttons": [PERSON, GO_ON]}],
    }


def opened(replies: list[dict[str, Any]], register: str = "usted", **opening: int) -> list[dict[str, Any]]:
    return open_with(replies, cast(Any, Domain), opening, register)


def test_the_line_stands_in_the_bubble_of_the_first_text() -> None:
    replies = [{"custom": {"kind": "place"}}, {"text": "Debe 5."}, {"text": "Otra."}]
    assert [r.get("text") for r in opened(replies, utter_line=0)] == [None, "Uno.\nDebe 5.", "Otra."]


def test_the_wording_changes_and_comes_round() -> None:
    said = [opened([{"text": "x"}], utter_line=n)[0]["text"] for n in range(3)]
    assert said == ["Uno.\nx", "Dos.\nx", "Uno.\nx"]
    assert opened([{"text": "x"}], "tu", utter_line=1)[0]["text"] == "One tú.\nx"


def test_a_reply_without_choices_gets_both_and_one_with_choices_only_the_person() -> None:
    go_on = {"title": "Seguir", "payload": '/inform{"choice": "go_on"}'}
    assert opened([{"text": "x"}], utter_offer=0)[0]["buttons"] == [PERSON, go_on]
    assert opened([{"text": "x", "buttons": [PAY]}], utter_offer=0)[0]["buttons"] == [PAY, PERSON]
    assert opened([{"text": "x", "buttons": [PAY, PERSON]}], utter_offer=0)[0]["buttons"] == [PAY, PERSON, go_on]


def test_nothing_to_open_changes_nothing() -> None:
    assert opened([{"text": "x"}]) == [{"text": "x"}]
    assert opened([{"custom": {"kind": "place"}}], utter_line=0) == [{"custom": {"kind": "place"}}]
