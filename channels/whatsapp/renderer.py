"""Our messages as Graph API bodies, within every limit (whatsapp.md section 4). Pure.

What has to be cut is said in `Rendered.cuts`, so that the sender can log it without the text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.whatsapp.text import ELLIPSIS, one_line, shorten, split, units, whatsapp_marks
from services.messaging import outbound as our

TEXT, BODY, CAPTION, FOOTER = 4096, 1024, 1024, 60
BUTTON_TITLE, MOST_BUTTONS = 20, 3
ROW_TITLE, ROW_TEXT, ROW_ID, MOST_ROWS, SECTION_TITLE = 24, 72, 200, 10, 24
SHORT_KEY = "#"

Body = dict[str, Any]


@dataclass(frozen=True)
class File:
    """A file that lies at WhatsApp already."""

    provider_id: str
    filename: str


@dataclass
class Rendered:
    """The bodies in sending order, without addressing; and what the limits cost."""

    bodies: list[Body] = field(default_factory=list)
    cuts: list[str] = field(default_factory=list)


def media_of(message: our.Outbound) -> list[str]:
    """The files a message needs uploaded first."""
    if isinstance(message, our.Image | our.Document | our.Audio | our.Video):
        return [message.media]
    if isinstance(message, our.Buttons):
        return [media for media in (message.image or message.document,) if media]
    return []


def short_key(option_id: str, most: int = ROW_ID) -> str:
    """The id an option travels under; a long one becomes a key that is looked up when it comes back."""
    if units(option_id) <= most:
        return option_id
    return SHORT_KEY + hashlib.sha256(option_id.encode()).hexdigest()[:40]


def render(message: our.Outbound, files: Mapping[str, File]) -> Rendered:
    """All bodies of one message.

    Raises:
        KeyError: a file of `media_of` is missing in `files`.
    """
    rendered = Rendered()
    _RENDERERS[type(message)](message, files, rendered)
    return rendered


def _cut(text: str, most: int, what: str, out: Rendered) -> str:
    short = shorten(text, most)
    if short != text.strip():
        out.cuts.append(what)
    return short


def _texts(body: str, out: Rendered, most: int = TEXT) -> None:
    for piece in split(whatsapp_marks(body), most):
        preview = {"preview_url": True} if "https://" in piece else {}
        out.bodies.append({"type": "text", "text": {**preview, "body": piece}})


def _text(message: our.Text, _files: Mapping[str, File], out: Rendered) -> None:
    _texts(message.body, out)
    if message.quote and out.bodies:
        out.bodies[0]["context"] = {"message_id": message.quote}


def _last_piece(body: str, out: Rendered) -> str:
    """A body too long for an interactive message: the beginning goes first as text, the end with the buttons."""
    text = whatsapp_marks(body).strip()
    if units(text) <= BODY:
        return text
    out.cuts.append("body_split")
    *_, last = split(text, BODY)
    _texts(text[: len(text) - len(last)], out)
    return last


def _interactive(kind: str, body: str, action: Body, footer: str | None, out: Rendered, **more: Any) -> None:
    part: Body = {"type": kind, **more, "body": {"text": body}, "action": action}
    if footer:
        part["footer"] = {"text": _cut(footer, FOOTER, "footer", out)}
    out.bodies.append({"type": "interactive", "interactive": part})


def _header(message: our.Buttons, files: Mapping[str, File]) -> Body:
    if message.image:
        return {"header": {"type": "image", "image": {"id": files[message.image].provider_id}}}
    if message.document:
        file = files[message.document]
        document = {"id": file.provider_id, "filename": file.filename}
        return {"header": {"type": "document", "document": document}}
    return {}


def _plain(title: str) -> str:
    """Button titles take no formatting."""
    return title.translate(str.maketrans("", "", "*_~`")).strip() or ELLIPSIS


def _unique(titles: Sequence[str], most: int) -> list[str]:
    """Titles that became equal by cutting get a number."""
    made: list[str] = []
    for title in titles:
        given, number = title, 2
        while given in made:
            given = f"{shorten(title, most - 2)} {number}"
            number += 1
        made.append(given)
    return made


def _buttons(message: our.Buttons, files: Mapping[str, File], out: Rendered) -> None:
    options = message.options[:MOST_BUTTONS]
    if len(options) < len(message.options):
        out.cuts.append("buttons")
    body = _last_piece(message.body, out)
    titles = _unique([_cut(_plain(o.title), BUTTON_TITLE, "button_title", out) for o in options], BUTTON_TITLE)
    buttons = [
        {"type": "reply", "reply": {"id": short_key(option.id), "title": title}}
        for option, title in zip(options, titles, strict=True)
    ]
    _interactive("button", body, {"buttons": buttons}, message.footer, out, **_header(message, files))


def _row(option: our.Option, out: Rendered) -> Body:
    row = {"id": short_key(option.id), "title": _cut(option.title, ROW_TITLE, "row_title", out)}
    if option.description:
        row["description"] = _cut(option.description, ROW_TEXT, "row_description", out)
    return row


def _list(message: our.ListMenu, _files: Mapping[str, File], out: Rendered) -> None:
    left, sections = MOST_ROWS, []
    many = len(message.sections) > 1
    for number, section in enumerate(message.sections, 1):
        rows = [_row(option, out) for option in section.options[:left]]
        left -= len(rows)
        if not rows:
            continue
        title = section.title or (str(number) if many else None)
        named = {"title": _cut(title, SECTION_TITLE, "section_title", out)} if title else {}
        sections.append({**named, "rows": rows})
    if sum(len(s.options) for s in message.sections) > MOST_ROWS:
        out.cuts.append("rows")
    body = _last_piece(message.body, out)
    button = _cut(_plain(message.button), BUTTON_TITLE, "list_button", out)
    _interactive("list", body, {"button": button, "sections": sections}, message.footer, out)


def _image(message: our.Image, files: Mapping[str, File], out: Rendered) -> None:
    _captioned("image", {"id": files[message.media].provider_id}, message.caption, out)


def _document(message: our.Document, files: Mapping[str, File], out: Rendered) -> None:
    file = files[message.media]
    _captioned("document", {"id": file.provider_id, "filename": file.filename}, message.caption, out)


def _audio(message: our.Audio, files: Mapping[str, File], out: Rendered) -> None:
    out.bodies.append({"type": "audio", "audio": {"id": files[message.media].provider_id}})


def _video(message: our.Video, files: Mapping[str, File], out: Rendered) -> None:
    _captioned("video", {"id": files[message.media].provider_id}, message.caption, out)


def _captioned(kind: str, part: Body, caption: str | None, out: Rendered) -> None:
    """The first piece is the caption, the rest follows as text."""
    pieces = split(whatsapp_marks(caption or ""), CAPTION)
    out.bodies.append({"type": kind, kind: {**part, **({"caption": pieces[0]} if pieces else {})}})
    if len(pieces) > 1:
        out.cuts.append("caption_split")
        _texts("\n".join(pieces[1:]), out)


def _location_request(message: our.LocationRequest, _files: Mapping[str, File], out: Rendered) -> None:
    body = _last_piece(message.body, out)
    _interactive("location_request_message", body, {"name": "send_location"}, None, out)


def _place(message: our.Place, _files: Mapping[str, File], out: Rendered) -> None:
    named = {"name": message.name, "address": message.address}
    point = {"latitude": message.latitude, "longitude": message.longitude}
    out.bodies.append({"type": "location", "location": {**point, **{k: v for k, v in named.items() if v}}})


def _link(message: our.LinkButton, _files: Mapping[str, File], out: Rendered) -> None:
    body = _last_piece(message.body, out)
    title = _cut(_plain(message.title), BUTTON_TITLE, "link_title", out)
    action = {"name": "cta_url", "parameters": {"display_text": title, "url": message.url}}
    _interactive("cta_url", body, action, message.footer, out)


def _template(message: our.Template, _files: Mapping[str, File], out: Rendered) -> None:
    components: list[Body] = []
    if message.parameters:
        values = [{"type": "text", "text": one_line(text)} for text in message.parameters]
        components.append({"type": "body", "parameters": values})
    for index, payload in enumerate(message.button_payloads):
        parameter = {"type": "payload", "payload": short_key(payload)}
        components.append({"type": "button", "sub_type": "quick_reply", "index": str(index), "parameters": [parameter]})
    template: Body = {"name": message.name, "language": {"code": message.language}}
    if components:
        template["components"] = components
    out.bodies.append({"type": "template", "template": template})


_RENDERERS: dict[type[our.Message], Callable[[Any, Mapping[str, File], Rendered], None]] = {
    our.Text: _text,
    our.Buttons: _buttons,
    our.ListMenu: _list,
    our.Image: _image,
    our.Document: _document,
    our.Audio: _audio,
    our.Video: _video,
    our.LocationRequest: _location_request,
    our.Place: _place,
    our.LinkButton: _link,
    our.Template: _template,
}
