"""Nothing María says breaks a limit: every body goes through the stand-in's own checks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp.renderer import BODY, TEXT, File, Rendered, render, short_key
from channels.whatsapp.text import one_line, shorten, split, units, whatsapp_marks
from sandbox.whatsapp.content import check_location, check_text
from sandbox.whatsapp.interactive import check_interactive
from sandbox.whatsapp.media import MediaStore
from sandbox.whatsapp.shape import Shape
from sandbox.world import SandboxClock
from services.messaging import outbound as our

store = MediaStore(SandboxClock())
PNG = store.upload(b"\x89PNG\r\n\x1a\n" + b"x" * 20, "image/png", "a.png").id
PDF = store.upload(b"%PDF-1.4 x", "application/pdf", "a.pdf").id
FILES = {"png": File(PNG, "a.png"), "pdf": File(PDF, "recibo.pdf")}


def checked(message: our.Outbound) -> Rendered:
    rendered = render(message, FILES)
    for body in rendered.bodies:
        shape = Shape(body, "message")
        if body["type"] == "text":
            check_text(shape)
        elif body["type"] == "interactive":
            check_interactive(shape, store)
        elif body["type"] == "location":
            check_location(shape)
    return rendered


def options(count: int, title: str = "Opción", **more: Any) -> tuple[our.Option, ...]:
    return tuple(our.Option(id=f"/o{n}", title=f"{title} {n}", **more) for n in range(count))


texts = st.text(min_size=1, max_size=9000).filter(lambda t: t.strip())


@given(texts, st.integers(min_value=20, max_value=4096))
def test_pieces_fit_and_lose_only_space(text: str, most: int) -> None:
    pieces = split(text, most)
    assert all(0 < units(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.lists(st.sampled_from(["https://pago.example/abc?x=1", "palabra", "otra."]), min_size=1, max_size=400))
def test_a_url_is_never_cut(words: list[str]) -> None:
    pieces = split(" ".join(words), 100)
    assert [word for piece in pieces for word in piece.split()] == words


@given(st.text(max_size=200), st.integers(min_value=2, max_value=60))
def test_shortened_text_fits(text: str, most: int) -> None:
    assert units(shorten(text, most)) <= most


def test_paragraphs_are_the_first_seam() -> None:
    first, second = "a " * 30, "b " * 30
    assert split(f"{first.strip()}\n\n{second.strip()}", 80) == [first.strip(), second.strip()]


def test_markdown_bold_becomes_whatsapps() -> None:
    assert whatsapp_marks("son **$486.00** y *ya*") == "son *$486.00* y *ya*"


def test_a_parameter_is_one_line() -> None:
    assert one_line("a\nb\tc      d") == "a b c d"


@given(texts)
def test_any_text(text: str) -> None:
    assert checked(our.Text(body=text)).bodies


@given(texts, st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=3))
def test_any_buttons(body: str, titles: list[str]) -> None:
    made = tuple(our.Option(id=f"/i{n}", title=title) for n, title in enumerate(titles))
    rendered = checked(our.Buttons(body=body, options=made, footer="Sus datos: escriba PRIVACIDAD"))
    assert rendered.bodies[-1]["type"] == "interactive"
    assert all(b["type"] == "text" for b in rendered.bodies[:-1])


@pytest.mark.parametrize("count", [1, 7, 10, 14])
def test_lists(count: int) -> None:
    rows = options(count, "Una fila con un título demasiado largo", description="d" * 90)
    sections = (our.Section(options=rows[:5]), our.Section(title="t" * 40, options=rows[5:]))
    rendered = checked(our.ListMenu(body="b" * 1500, button="Ver las opciones que hay", sections=sections))
    listed = rendered.bodies[-1]["interactive"]["action"]["sections"]
    assert sum(len(section["rows"]) for section in listed) == min(count, 10)
    assert {"row_title", "row_description", "list_button", "body_split"} <= set(rendered.cuts)


def test_titles_that_become_equal_stay_apart() -> None:
    made = tuple(our.Option(id=f"/{n}", title=f"El mismo comienzo largo {n}") for n in range(3))
    checked(our.Buttons(body="x", options=made))


def test_a_long_payload_travels_as_a_key() -> None:
    payload = '/inform{"place": "' + "x" * 300 + '"}'
    rendered = checked(our.Buttons(body="x", options=(our.Option(id=payload, title="Aquí"),)))
    sent = rendered.bodies[0]["interactive"]["action"]["buttons"][0]["reply"]["id"]
    assert sent == short_key(payload) != payload


@pytest.mark.parametrize(("image", "document"), [("png", None), (None, "pdf"), (None, None)])
def test_buttons_carry_a_file(image: str | None, document: str | None) -> None:
    message = our.Buttons(body="Su recibo", options=options(2), image=image, document=document)
    header = checked(message).bodies[0]["interactive"].get("header")
    assert (header is not None) == bool(image or document)


def test_files_with_captions() -> None:
    rendered = checked(our.Document(media="pdf", caption="c" * 1500))
    assert rendered.bodies[0]["document"]["filename"] == "recibo.pdf"
    assert [body["type"] for body in rendered.bodies] == ["document", "text"]
    assert checked(our.Image(media="png")).bodies == [{"type": "image", "image": {"id": PNG}}]


def test_the_rest() -> None:
    checked(our.LocationRequest(body="Comparta su ubicación"))
    checked(our.Place(latitude=20.5, longitude=-100.3, name="Oficina", address="Av. 1"))
    checked(our.LinkButton(body="b" * 2000, title="Pagar con mi tarjeta ahora", url="https://pago.example/x"))
    template = our.Template(
        name="bill_generated", parameters=("noviembre\n", "8213"), button_payloads=("/bill_request",)
    )
    [body] = render(template, {}).bodies
    assert [c["type"] for c in body["template"]["components"]] == ["body", "button"]


def test_limits_are_what_we_think() -> None:
    assert (TEXT, BODY) == (4096, 1024)
