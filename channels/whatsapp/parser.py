"""A webhook body as our own types. Pure, and patient: whatever odd shape comes, what can be read is read.

Shapes and tolerances: whatsapp.md sections 1.4, 2, 3 and 9.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from channels.whatsapp.content import content_of
from channels.whatsapp.errors import may_come_again
from channels.whatsapp.reading import clean, items, mapping, moment, number
from services.messaging.inbound import AliasChange, Inbound, Kind, Sender, StatusUpdate

CHANNEL = "whatsapp"
NOT_AVAILABLE_YET = 131060  # the real message may follow under the same id (section 1.3)


@dataclass
class Parsed:
    """Everything of use in one body; `foreign` counts changes for other numbers, `skipped` odd parts."""

    messages: list[Inbound] = field(default_factory=list)
    statuses: list[StatusUpdate] = field(default_factory=list)
    changes: list[AliasChange] = field(default_factory=list)
    foreign: int = 0
    skipped: int = 0


def parse(body: Any, phone_number_id: str, now: datetime | None = None) -> Parsed:
    """Read all entries, changes, messages and statuses. `now` stands in for a missing timestamp."""
    parsed = Parsed()
    now = now or datetime.now(UTC)
    for entry in items(mapping(body).get("entry")):
        for change in items(entry.get("changes")):
            value = mapping(change.get("value"))
            if change.get("field") == "user_id_update":
                parsed.changes += _user_id_updates(value)
            elif change.get("field") == "messages":
                _read_messages(value, phone_number_id, now, parsed)
    return parsed


def _read_messages(value: dict[str, Any], phone_number_id: str, now: datetime, parsed: Parsed) -> None:
    if str(mapping(value.get("metadata")).get("phone_number_id")) != phone_number_id:
        parsed.foreign += 1
        return
    contacts = list(items(value.get("contacts")))
    for message in items(value.get("messages")):
        change = _alias_change(message)
        if change:
            parsed.changes.append(change)
        read = _message(message, [] if change else contacts, now, change)
        if read:
            parsed.messages.append(read)
        else:
            parsed.skipped += 1
    for status in items(value.get("statuses")):
        update = _status(status, now)
        if update:
            parsed.statuses.append(update)
        else:
            parsed.skipped += 1


def _message(
    message: dict[str, Any], contacts: list[dict[str, Any]], now: datetime, change: AliasChange | None
) -> Inbound | None:
    provider_id = clean(message.get("id"), 255)
    sender = Sender(**{change.kind: change.new}) if change else _sender(message, contacts)
    if not provider_id or sender is None or NOT_AVAILABLE_YET in _codes(message):
        return None
    kind, content = (Kind.IGNORED, {}) if message.get("group_id") else content_of(message)
    context = mapping(message.get("context"))
    return Inbound(
        channel=CHANNEL,
        provider_id=provider_id,
        sender=sender,
        sent_at=moment(message.get("timestamp"), now),
        kind=kind,
        **{"reply_to": clean(context.get("id"), 255), **content},
    )


def _sender(message: dict[str, Any], contacts: list[dict[str, Any]]) -> Sender | None:
    """`from` wins over `contacts`; it may be absent, empty or a BSUID (section 9)."""
    given, bsuid = clean(message.get("from"), 160), clean(message.get("from_user_id"), 160)
    phone = given if given and _is_phone(given) else None
    bsuid = bsuid or (given if given and not phone else None)
    contact = _contact(contacts, phone, bsuid)
    wa_id = clean(contact.get("wa_id"), 160)
    phone = phone or (wa_id if wa_id and _is_phone(wa_id) else None)
    bsuid = bsuid or clean(contact.get("user_id"), 160)
    if not (phone or bsuid):
        return None
    parent = message.get("from_parent_user_id") or contact.get("parent_user_id")
    return Sender(
        phone=phone,
        bsuid=bsuid,
        parent_bsuid=clean(parent, 160),
        profile_name=clean(mapping(contact.get("profile")).get("name"), 100),
    )


def _contact(contacts: list[dict[str, Any]], phone: str | None, bsuid: str | None) -> dict[str, Any]:
    for contact in contacts:
        if (phone and contact.get("wa_id") == phone) or (bsuid and contact.get("user_id") == bsuid):
            return contact
    return contacts[0] if len(contacts) == 1 and (phone is None or not contacts[0].get("wa_id")) else {}


def _is_phone(text: str) -> bool:
    digits = text.removeprefix("+")
    return digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15


def _codes(part: dict[str, Any]) -> list[int]:
    return [int(n) for error in items(part.get("errors")) if (n := number(error.get("code"))) is not None]


def _status(status: dict[str, Any], now: datetime) -> StatusUpdate | None:
    provider_id, state = clean(status.get("id"), 255), clean(status.get("status"), 20)
    if not provider_id or not state:
        return None
    codes = _codes(status)
    return StatusUpdate(
        provider_id=provider_id,
        state=state,
        at=moment(status.get("timestamp"), now),
        callback=clean(status.get("biz_opaque_callback_data"), 512),
        error=str(codes[0]) if codes else None,
        again=bool(codes) and may_come_again(codes[0]),
    )


def _alias_change(message: dict[str, Any]) -> AliasChange | None:
    """A system message that says a number or a BSUID is another now (section 2)."""
    if message.get("type") != "system":
        return None
    system, given = mapping(message.get("system")), clean(message.get("from"), 160)
    provider_id = clean(message.get("id"), 255)
    kind = system.get("type")
    if kind in ("user_changed_number", "customer_changed_number"):
        new = clean(system.get("wa_id") or system.get("new_wa_id"), 160)
        old = given or clean(system.get("customer"), 160)
        if new and old and _is_phone(new) and _is_phone(old):
            return AliasChange(kind="phone", old=old, new=new, provider_id=provider_id)
    if kind == "user_changed_user_id":
        new = clean(system.get("user_id"), 160)
        old = clean(system.get("previous_user_id") or message.get("from_user_id"), 160)
        if new and old and new != old:
            return AliasChange(kind="bsuid", old=old, new=new, provider_id=provider_id)
    return None


def _user_id_updates(value: dict[str, Any]) -> Iterator[AliasChange]:
    """Field `user_id_update`: one object, or a list of them."""
    listed = list(items(value.get("user_id_update"))) or [value]
    for update in listed:
        for name, kind in (("user_id", "bsuid"), ("parent_user_id", "parent")):
            pair = mapping(update.get(name))
            old, new = clean(pair.get("previous"), 160), clean(pair.get("current"), 160)
            if old and new and old != new:
                yield AliasChange(kind="bsuid" if kind == "bsuid" else "parent", old=old, new=new)
