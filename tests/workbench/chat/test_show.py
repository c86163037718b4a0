from typing import Any

from workbench.chat.show import Choice, choices, media, text, understanding

LIST = {
    "type": "interactive",
    "interactive": {
        "type": "list",
        "body": {"text": "¿Cuál?"},
        "action": {
            "button": "Ver",
            "sections": [
                {"rows": [{"id": "/a", "title": "Casa", "description": "455123"}, {"id": "/b", "title": "No"}]}
            ],
        },
    },
}
BUTTONS = {
    "type": "interactive",
    "interactive": {
        "type": "button",
        "header": {"type": "document", "document": {"id": "m1", "filename": "recibo.pdf"}},
        "body": {"text": "Su recibo"},
        "footer": {"text": "CEA"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "/pagar", "title": "Pagar"}}]},
    },
}


def seen(**more: Any) -> dict[str, Any]:
    return {"intent": "inform", "ranking": [], "entities": [], "actions": [], "dialogue": {}, **more}


def test_rows_and_buttons_are_choices_and_files_are_found_in_headers() -> None:
    assert choices(LIST) == [Choice("list", "/a", "Casa", "455123"), Choice("list", "/b", "No")]
    assert choices(BUTTONS) == [Choice("button", "/pagar", "Pagar")]
    assert media(BUTTONS) == [{"id": "m1", "filename": "recibo.pdf"}]
    assert media(LIST) == []


def test_the_words_of_each_kind_of_message() -> None:
    assert text({"type": "text", "text": {"body": "Hola"}}) == "Hola"
    assert text(BUTTONS) == "Su recibo\nCEA"
    assert text({"type": "image", "image": {"id": "x"}}) == "(image)"
    place = {"latitude": 20.5, "longitude": -100.3, "name": "Candiles"}
    assert text({"type": "location", "location": place}) == "Candiles 20.5, -100.3"
    link = {"type": "cta_url", "body": {"text": "Pague"}, "action": {"parameters": {"display_text": "Ir", "url": "u"}}}
    assert text({"type": "interactive", "interactive": link}) == "Pague\n→ Ir: u"


def test_readings_of_one_number_stand_together() -> None:
    span = {"value": "455123", "start": 16, "end": 22}
    lines = understanding(seen(entities=[{"entity": "contract_number", **span}, {"entity": "otp_code", **span}]))
    assert "datos     contract_number/otp_code=455123" in lines


def test_the_runner_up_the_errand_and_the_evidence() -> None:
    frame = {"errand": "bill_request", "contract": "0071390", "details": {"period": "marzo", "said": "todo"}}
    dialogue = {"frame": frame, "asking": "contact", "levels": {"0071390": "contract"}, "misses": 1}
    ranking = [{"name": "bill_request", "confidence": 0.93}, {"name": "add_contract", "confidence": 0.03}]
    lines = understanding(seen(ranking=ranking, dialogue=dialogue, actions=["action_ask_contact", "action_listen"]))
    assert lines == [
        "entendió  bill_request 0.93   segunda: add_contract 0.03",
        "trámite   bill_request, pregunta: contact   sabe: period=marzo",
        "contrato  0071390, comprobado: contract",
        "fallos    1 seguidos sin entender",
        "hizo      action_ask_contact",
    ]


def test_nothing_said_yet_shows_nothing() -> None:
    assert understanding({}) == []
