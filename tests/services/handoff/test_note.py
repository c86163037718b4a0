"""What the person reads: everything that is known, nothing that is not, and no mark of the citizen's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.bootstrap import DATA, KNOWLEDGE
from services.clock import Clock
from services.handoff.lines import Lines
from services.handoff.model import Case, Fact, Proof
from services.handoff.note import Notes, Said, escape
from services.handoff.rules import Rules
from services.knowledge.texts import Texts
from services.messaging.inbound import Inbound, Kind, Sender
from services.messaging.outbound import Buttons, Image, LinkButton, ListMenu, Option, Place, Section, Template

NOON = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules.read(KNOWLEDGE / "handoff.yml")


@pytest.fixture(scope="module")
def notes(rules: Rules) -> Notes:
    return Notes(rules, Texts(DATA / "texts.yml").table("errand_titles"), Clock().local)


def test_the_note_says_all_that_is_known(rules: Rules, notes: Notes) -> None:
    case = Case(
        name="Ana *L*",
        phone_ending="63",
        proofs=(
            Proof(contract="000123", level="otp", nickname="casa", active=True),
            Proof(contract="455123", level="contract"),
        ),
        wanted="bill_request",
        done=(
            Fact(
                kind="payment",
                blanks={"method": "en tienda", "reference": "98000", "amount": "$1,240.00", "state": "por pagar"},
            ),
            Fact(kind="request", blanks={"fault": "fuga", "folio": "CEA-20418", "place": "Av. Ejemplo 12"}),
        ),
        failed=(Fact(kind="errand_failed", blanks={"errand": "ver mi recibo", "why": " (Aquasis no respondía)"}),),
        mood="anger",
        aside="payment_reference",
        last_words="{{contact.email}} # no me llegó",
    )
    text = notes.summary(case, rules.route("dispute", "bill_request", ""), "h1")
    assert text.splitlines() == [
        "## María → atención humana",
        "**Quién:** Ana \\*L\\*, WhatsApp que termina en 63",
        "**Contratos:** `000123` «casa» (el que usa ahora): comprobó con código, `455123`: solo dio el número",
        "**Quiere:** ver mi recibo",
        "**Ya se hizo:** referencia en tienda `98000` por `$1,240.00` (por pagar); reporte de fuga `CEA-20418` (Av. Ejemplo 12)",
        "**No se pudo:** ver mi recibo (Aquasis no respondía)",
        "**Ánimo:** molesto",
        "**Quedó pendiente:** seguir con «pagar»; se le ofrece al volver con María",
        "**Lo último que escribió:** \\{\\{contact.email\\}\\} \\# no me llegó",
        "**Siguientes pasos:**",
        "1. Revise la lectura y el consumo del mes",
        "2. Si hace falta pida nueva lectura",
        "3. Revise el último recibo y el consumo del contrato",
        "_Motivo: no está de acuerdo con un cobro · caso `h1`_",
    ]


def test_an_empty_case_says_so_in_few_lines(rules: Rules, notes: Notes) -> None:
    text = notes.summary(Case(), rules.route("asked", None, ""), "h1")
    assert "None" not in text
    assert "WhatsApp sin número" in text
    assert len(text.splitlines()) == 6


def test_the_transcript_ends_a_page_with_each_file(notes: Notes) -> None:
    said = [
        Said(NOON, "citizen", "hola\nbuenas", intent="greet"),
        Said(NOON, "maria", "Se deben *$352.71*"),
        Said(NOON, "citizen", "📷 foto", media="m1"),
        Said(NOON, "person", "gracias"),
    ]
    first, second = notes.pages(said)
    assert first.media == "m1"
    assert first.text.splitlines() == [
        "### Lo que se habló",
        "**12:05** Ciudadano: hola  ",
        "buenas `greet`",
        "**12:05** María: Se deben $352.71",
        "**12:05** Ciudadano: 📷 foto",
    ]
    assert (second.text, second.media) == ("**12:05** Persona de CEA: gracias", None)
    assert notes.pages([]) == []


def test_a_long_talk_makes_several_notes(notes: Notes) -> None:
    pages = notes.pages([Said(NOON, "citizen", "a" * 5000)] * 12)
    assert len(pages) > 1
    assert all(len(page.text) < 11_000 for page in pages)


@pytest.mark.parametrize("text", ["# a", "- b", "1. c", "> d", "**e**", "[f](g)", "`h`", "<script>", "a|b"])
def test_a_citizens_marks_are_only_text(text: str) -> None:
    assert escape(text) != text
    assert escape(text).replace("\\", "") == text


def inbound(kind: Kind, **more: Any) -> Inbound:
    return Inbound(channel="whatsapp", provider_id="w", sender=Sender(), sent_at=NOON, kind=kind, **more)


@pytest.mark.parametrize(
    ("message", "has_file", "text"),
    [
        (inbound(Kind.TEXT, text="hola"), False, "hola"),
        (inbound(Kind.TAP, text="Pagar", tap_id="/payment_reference"), False, "Pagar"),
        (inbound(Kind.IMAGE, text="mi recibo"), True, "📷 foto\nmi recibo"),
        (inbound(Kind.AUDIO), False, "🎤 nota de voz (no se pudo descargar)"),
        (
            inbound(Kind.LOCATION, latitude=20.5888, longitude=-100.3899, place_name="Casa"),
            False,
            "📍 Ubicación: https://maps.google.com/?q=20.58880,-100.38990 (Casa)",
        ),
        (inbound(Kind.CONTACTS, shared_phone="4420000002"), False, "👤 contacto: 4420000002"),
        (inbound(Kind.REACTION, emoji="👍"), False, "(reaccionó 👍 a: «Se deben $1»)"),
        (inbound(Kind.REACTION), False, "(quitó su reacción)"),
        (inbound(Kind.UNSUPPORTED), False, "algo que WhatsApp no deja ver"),
    ],
)
def test_what_is_no_text_is_described(rules: Rules, message: Inbound, has_file: bool, text: str) -> None:
    assert Lines(rules).citizen(message, has_file=has_file, about="Se deben $1") == text


def test_marias_messages_are_written_out(rules: Rules) -> None:
    lines, options = Lines(rules), (Option(id="/a", title="Pagar"), Option(id="/b", title="Recibo"))
    assert lines.maria(Buttons(body="¿Qué hago?", options=options, image="m").model_dump()) == (
        "¿Qué hago?\n▫️ Pagar\n▫️ Recibo",
        "m",
    )
    menu = ListMenu(body="Elija", button="Ver", sections=(Section(options=options),))
    assert lines.maria(menu.model_dump())[0] == "Elija\n▫️ Pagar\n▫️ Recibo"
    assert lines.maria(Image(media="m", caption="consumo").model_dump()) == ("consumo", "m")
    link = LinkButton(body="Pague aquí", title="Pagar", url="https://maria.example/p/secreto")
    assert "secreto" not in lines.maria(link.model_dump())[0]
    assert (
        "20.50000,-100.40000"
        in lines.maria(Place(latitude=20.5, longitude=-100.4, name="A", address="B").model_dump())[0]
    )
    assert lines.maria(Template(name="aviso", parameters=("a", "b")).model_dump())[0] == "(plantilla aviso: a, b)"
