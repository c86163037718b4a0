from typing import Any

import pytest
import yaml

from sandbox.whatsapp import definitions
from sandbox.whatsapp.shape import units
from tests.sandbox.whatsapp.conftest import Phone

TEMPLATES = "/graph/v24.0/102290000000001/message_templates"
GOOD = ("noviembre", "8213 (casa)", "486.00", "viernes 11 de diciembre")


def template(*values: str, name: str = "bill_generated", code: str = "es_MX", extra: Any = ()) -> dict[str, Any]:
    body = {"type": "body", "parameters": [{"type": "text", "text": v} for v in values]}
    components = [body, *extra]
    return {
        "type": "template",
        "template": {"name": name, "language": {"code": code}, "components": components},
    }


def button(sub_type: str, index: str, **parameter: str) -> dict[str, Any]:
    return {"type": "button", "sub_type": sub_type, "index": index, "parameters": [parameter]}


CODE = template("482913", name="otp_code", extra=[button("url", "0", type="text", text="482913")])


async def test_a_template_goes_out_when_the_window_is_closed(phone: Phone) -> None:
    phone.world.clock.advance_seconds(30 * 3600)
    pay = button("quick_reply", "1", type="payload", payload="/pagar")
    await phone.accepted(**template(*GOOD, extra=[pay]))
    thread = (await phone.http.get("/control/whatsapp/thread", params={"person": "5214425550163"})).json()
    shown = thread["lines"][0]["shown"]
    assert "$486.00" in shown["body"]
    assert "{{" not in shown["body"]
    assert shown["buttons"][1] == {"type": "quick_reply", "text": "Pagar", "url": None, "payload": "/pagar"}


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (132001, template(*GOOD, name="nobody_knows")),
        (132001, template(*GOOD, code="es")),
        (132000, template(*GOOD[:3])),
        (132000, template(*GOOD, "uno más")),
        (132012, template("noviembre\n", *GOOD[1:])),
        (132012, template("a\tb", *GOOD[1:])),
        (132012, template("a     b", *GOOD[1:])),
        (132012, template("", *GOOD[1:])),
        (132005, template("n" * 1000, *GOOD[1:])),
        (132012, template(*GOOD, extra=[button("url", "0", type="text", text="x")])),
        (132012, template(*GOOD, extra=[button("quick_reply", "7", type="payload", payload="x")])),
        (131008, template("482913", name="otp_code")),
        (131008, {"type": "template", "template": {"name": "bill_generated"}}),
    ],
)
async def test_a_template_that_does_not_fit(phone: Phone, code: int, body: dict[str, Any]) -> None:
    await phone.refused(code, **body)


async def test_codes_need_a_phone_number(phone: Phone) -> None:
    await phone.accepted(**CODE)
    await phone.refused(131062, to=None, recipient="MX.8f3Kq7LmZt20", **CODE)


async def test_a_paused_template(phone: Phone) -> None:
    phone.service.templates.all["bill_generated", "es_MX"].status = "PAUSED"
    await phone.refused(132015, **template(*GOOD))


async def test_creating_a_template(phone: Phone) -> None:
    body = {"type": "BODY", "text": "Su cita del {{1}} quedó lista.", "example": {"body_text": [["lunes"]]}}
    new = {"name": "cita", "language": "es_MX", "category": "UTILITY", "components": [body]}
    assert (await phone.http.post(TEMPLATES, json=new)).json()["status"] == "PENDING"
    await phone.refused(132001, **template("martes", name="cita"))
    phone.world.clock.advance_seconds(61)
    await phone.accepted(**template("martes", name="cita"))
    listed = (await phone.http.get(TEMPLATES, params={"name": "cita"})).json()["data"]
    assert [t["status"] for t in listed] == ["APPROVED"]
    assert (await phone.http.post(TEMPLATES, json=new)).json()["error"]["code"] == 100
    twin = {**new, "name": "cita_dos"}
    assert (await phone.http.post(TEMPLATES, json=twin)).json()["error"]["code"] == 100


@pytest.mark.parametrize(
    ("name", "text"),
    [("Cita", "a"), ("c", "{{1}} es su folio."), ("c", "Su folio es {{1}}."), ("c", "a" * 1025), ("c", "")],
)
async def test_definitions_that_are_refused(phone: Phone, name: str, text: str) -> None:
    body = {"type": "BODY", "text": text, "example": {}}
    new = {"name": name, "language": "es_MX", "category": "UTILITY", "components": [body]}
    assert (await phone.http.post(TEMPLATES, json=new)).json()["error"]["code"] == 100


def test_our_own_templates_keep_the_house_rules() -> None:
    entries = yaml.safe_load(definitions.FILE.read_text(encoding="utf-8"))["templates"]
    assert len({e["name"] for e in entries}) == len(entries) == 22
    bodies = {e.get("body") for e in entries}
    assert len(bodies) == len(entries)
    for read, entry in zip(definitions.read(), entries, strict=True):
        assert len(entry["samples"]) == len(read.variables), read.name
        assert read.variables == [str(n + 1) for n in range(len(read.variables))], read.name
        if read.category == "AUTHENTICATION":
            continue
        assert units(read.body) <= 300, read.name
        assert not read.body.startswith("{{")
        assert not read.body.rstrip(".?").endswith("}}")
        assert "}} {{" not in read.body
        assert units(read.footer or "") <= 60
        assert all(units(b["text"]) <= 20 for b in read.buttons), read.name
