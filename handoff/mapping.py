"""AGORA's JSON as our own types (agora.md sections 4.3, 5.4 and 5.5). Pure, and patient with what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import unquote

from handoff.marks import to_whatsapp
from services.handoff.port import Author, Place, RemoteFile, RemoteMessage, Status, TemplateUse

STATUSES = ("pending", "open", "snoozed", "resolved")
INCOMING, OUTGOING = 0, 1
SURVEY = "input_csat"
Json = dict[str, Any]


def mapping(value: Any) -> Json:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def place(body: Any) -> Place | None:
    """A conversation; None for what is none."""
    known = mapping(body)
    number, status = known.get("id"), known.get("status")
    if not isinstance(number, int) or status not in STATUSES:
        return None
    assignee = mapping(mapping(known.get("meta")).get("assignee"))
    agent = None if assignee.get("type") == "agent_bot" else _name(assignee)
    unread = known.get("unread_count")
    return Place(number, known.get("uuid"), cast(Status, status), agent, unread if isinstance(unread, int) else None)


def messages(body: Any) -> list[RemoteMessage]:
    """A page of messages, oldest first."""
    found = [message(one) for one in mapping(body).get("payload") or ()]
    return sorted((m for m in found if m), key=lambda m: m.id)


def message(body: Any) -> RemoteMessage | None:
    """One message; None for what has no id."""
    known = mapping(body)
    number = known.get("id")
    if not isinstance(number, int):
        return None
    attributes, sender = mapping(known.get("content_attributes")), mapping(known.get("sender"))
    content = known.get("content")
    private = known.get("private") is not False  # what is not said to be public is not
    text = str(content or "")
    return RemoteMessage(
        id=number,
        author=_author(known, sender),
        private=private,
        text=text if private else to_whatsapp(text),
        source=known.get("source_id"),
        name=_name(sender),
        files=tuple(_files(known)),
        template=_template(known),
        reply_source=attributes.get("in_reply_to_external_id"),
        failed=known.get("status") == "failed" or bool(attributes.get("external_error")),
        deleted=bool(attributes.get("deleted")),
        options=_options(known, attributes),
    )


def _author(known: Json, sender: Json) -> Author:
    """A rule of AGORA's own writes without a sender; greeting, out of office and survey are `template`."""
    kind = known.get("message_type")
    if kind == INCOMING:
        return "citizen"
    if kind != OUTGOING or known.get("content_type") == SURVEY:
        return "system"
    return "maria" if sender.get("type") == "agent_bot" else "agent"


def _name(sender: Json) -> str | None:
    name = str(sender.get("available_name") or sender.get("name") or "").strip()
    return name[:120] or None


def _files(known: Json) -> Iterator[RemoteFile]:
    for one in known.get("attachments") or ():
        file = mapping(one)
        url = file.get("data_url")
        if not url:
            continue
        name = unquote(re.split(r"[?#]", str(url))[0].rpartition("/")[2]) or "archivo"
        mime = str(file.get("content_type") or _guess(file))
        yield RemoteFile(str(url), name, mime, file.get("file_size"))


def _guess(file: Json) -> str:
    """Older versions tell only the kind."""
    kinds = {"image": "image/jpeg", "audio": "audio/mpeg", "video": "video/mp4"}
    return kinds.get(str(file.get("file_type")), "application/octet-stream")


def _template(known: Json) -> TemplateUse | None:
    """`processed_params`: `{"body": {"1": …}}`, or the older flat `{"1": …}`."""
    used = mapping(mapping(known.get("additional_attributes")).get("template_params"))
    if not used.get("name"):
        return None
    given = mapping(used.get("processed_params"))
    body = mapping(given.get("body")) or {k: v for k, v in given.items() if str(k).isdigit()}
    keys = sorted(body, key=lambda key: (len(str(key)), str(key)))  # 2 before 10
    return TemplateUse(str(used["name"]), str(used.get("language") or "es_MX"), tuple(str(body[k]) for k in keys))


def _options(known: Json, attributes: Json) -> tuple[str, ...]:
    if known.get("content_type") != "input_select":
        return ()
    titles = [str(mapping(item).get("title") or "").strip() for item in attributes.get("items") or ()]
    return tuple(dict.fromkeys(title for title in titles if title))
