"""AGORA as the desk: implements `services.handoff.port.Desk` call by call (agora.md section 4)."""

from __future__ import annotations

import json
import time
from typing import Any

import structlog

from handoff import mapping
from handoff import rating as rating_calls
from handoff.client import AgoraClient
from handoff.marks import to_markdown, without_liquid
from services.handoff.port import (
    Citizen,
    DeskGone,
    DeskRefused,
    DeskUnknown,
    Place,
    Posting,
    Rating,
    RemoteFile,
    RemoteMessage,
    Sheet,
    Status,
)

log = structlog.get_logger(__name__)

PAGE = 100  # messages after one (section 2.5)
REMEMBER = 600.0  # seconds for which the teams are taken to be the same
LONGEST_NAME = 255
ENDS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "audio/ogg": ".ogg",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
}
TYPES = {"note": "outgoing", "in": "incoming", "maria": "outgoing"}


class AgoraDesk:
    """One API inbox of one account."""

    def __init__(self, client: AgoraClient, inbox: int) -> None:
        self._client, self._inbox = client, inbox
        self._teams: dict[str, int] = {}
        self._teams_at = float("-inf")

    async def meet(self, citizen: Citizen) -> int:
        """By our id, by phone as it is and with 521, else made (section 4.1)."""
        if found := await self._by_source(citizen.contact):
            return found
        for phone in _spellings(citizen.phone):
            if number := await self._by_phone(phone):
                await self._link(number, citizen.contact)
                return number
        return await self._make(citizen)

    async def _by_source(self, source: str) -> int | None:
        try:
            body = await self._client.search("contact_inboxes/filter", {"inbox_id": self._inbox, "source_id": source})
        except DeskGone:
            return None
        return _id(body)

    async def _by_phone(self, phone: str) -> int | None:
        rule = {"attribute_key": "phone_number", "filter_operator": "equal_to", "values": [phone]}
        body = await self._client.search("contacts/filter", {"payload": [{**rule, "query_operator": None}]})
        rows = mapping.mapping(body).get("payload") or []
        return _id(rows[0]) if rows else None

    async def _link(self, person: int, source: str) -> None:
        await self._client.post(
            f"contacts/{person}/contact_inboxes", {"inbox_id": self._inbox, "source_id": source}, "user"
        )

    async def _make(self, citizen: Citizen) -> int:
        body: dict[str, Any] = {
            "inbox_id": self._inbox,
            "source_id": citizen.contact,
            "identifier": f"maria:{citizen.contact}",
            "name": citizen.name[:LONGEST_NAME],
            "custom_attributes": {"contratos": ", ".join(citizen.contracts)[:1500]} if citizen.contracts else {},
        }
        if citizen.phone:
            body["phone_number"] = citizen.phone
        try:
            made = await self._client.post("contacts", body, "user")
        except DeskRefused:  # the phone is somebody else's there: never without asking a person
            made = await self._client.post("contacts", {k: v for k, v in body.items() if k != "phone_number"}, "user")
        number = _id(mapping.mapping(mapping.mapping(made).get("payload")).get("contact"))
        if number is None:
            raise DeskUnknown("contact without id", late=False)
        return number

    async def find(self, contact: str, episode: str) -> Place | None:
        """By our id in its attributes (section 4.8)."""
        body = await self._client.get("conversations", inbox_id=self._inbox, source_id=contact, status="all")
        rows = mapping.mapping(mapping.mapping(body).get("data")).get("payload") or []
        mine = (r for r in rows if mapping.mapping(r.get("custom_attributes")).get("maria_handoff") == episode)
        return mapping.place(next(mine, None))

    async def start(self, contact: str, person: int, episode: str, attributes: dict[str, str]) -> Place:
        """Pending until it is filled."""
        body = {
            "inbox_id": self._inbox,
            "contact_id": person,
            "source_id": contact,
            "status": "pending",
            "custom_attributes": {**attributes, "maria_handoff": episode},
            "additional_attributes": {"origen": "maria", "canal": "whatsapp"},
        }
        return _place(await self._client.post("conversations", body))

    async def hang(self, conversation: int, sheet: Sheet) -> None:
        """What agents have hung there stays (section 4.5)."""
        path = f"conversations/{conversation}"
        labels = mapping.mapping(await self._client.get(f"{path}/labels")).get("payload") or []
        there = mapping.mapping(mapping.mapping(await self._client.get(path)).get("custom_attributes"))
        wanted = list(dict.fromkeys([*labels, *sheet.labels]))
        await self._client.post(f"{path}/custom_attributes", {"custom_attributes": {**there, **sheet.attributes}})
        if wanted != labels:
            await self._client.post(f"{path}/labels", {"labels": wanted}, "user")
        await self._client.post(f"{path}/toggle_priority", {"priority": sheet.priority})
        if team := await self._team(sheet.team):
            await self._client.post(f"{path}/assignments", {"team_id": team})

    async def _team(self, name: str) -> int | None:
        """Its id; an unknown id would clear the team (section 4.5), so an unknown name changes nothing."""
        if time.monotonic() - self._teams_at > REMEMBER:
            rows = await self._client.get("teams")
            self._teams = {str(t["name"]).casefold(): int(t["id"]) for t in rows if isinstance(t, dict)}
            self._teams_at = time.monotonic()
        if name.casefold() not in self._teams:
            log.warning("handoff_team_unknown", team=name)
        return self._teams.get(name.casefold())

    async def put(self, conversation: int, posting: Posting) -> int:
        """Notes and María's lines pass through Liquid there; a citizen's own words do not."""
        text = posting.text
        if posting.way == "maria":
            text = to_markdown(text)
        if posting.way != "in":
            text = without_liquid(text)
        fields: dict[str, Any] = {"content": text, "message_type": TYPES[posting.way], "source_id": posting.source}
        if posting.way == "note":
            fields["private"] = True
        if posting.reply_to:
            fields["content_attributes"] = {"in_reply_to": posting.reply_to}
        path = f"conversations/{conversation}/messages"
        if file := posting.file:
            data = {k: v if isinstance(v, str) else json.dumps(v) for k, v in fields.items()}
            part = (_filename(file.name, file.mime), file.content, file.mime)
            made = await self._client.form(path, data, [("attachments[]", part)])
        else:
            made = await self._client.post(path, fields)
        number = _id(made)
        if number is None:
            raise DeskUnknown("message without id", late=False)
        return number

    async def hand_over(self, conversation: int) -> Status:
        """With the bot's token: only then is anybody told (section 4.6). Read back, not believed."""
        return await self._toggle(conversation, "open")

    async def end(self, conversation: int) -> Status:
        """Resolved."""
        return await self._toggle(conversation, "resolved")

    async def _toggle(self, conversation: int, status: str) -> Status:
        await self._client.post(f"conversations/{conversation}/toggle_status", {"status": status})
        return (await self.look(conversation)).status

    async def look(self, conversation: int) -> Place:
        """As it is now."""
        return _place(await self._client.get(f"conversations/{conversation}"))

    async def after(self, conversation: int, message: int) -> list[RemoteMessage]:
        """Page by page."""
        found: list[RemoteMessage] = []
        while True:
            page = mapping.messages(
                await self._client.get(f"conversations/{conversation}/messages", after=max(message, 0))
            )
            fresh = [one for one in page if one.id > message]
            found += fresh
            if len(page) < PAGE or not fresh:
                return found
            message = fresh[-1].id

    async def report(self, conversation: int, message: int, state: str, reason: str | None = None) -> None:
        """The tick under an agent's message (section 5.7)."""
        body = {"status": state, **({"external_error": reason} if reason else {})}
        try:
            await self._client.patch(f"conversations/{conversation}/messages/{message}", body)
        except (DeskGone, DeskRefused) as error:
            log.warning("handoff_not_reported", conversation=conversation, why=str(error))

    async def rate(self, conversation: int, uuid: str | None, rating: Rating) -> None:
        """Section 8."""
        await rating_calls.rate(self._client, conversation, uuid, rating)

    async def fetch(self, file: RemoteFile, most: int) -> bytes:
        """Its bytes."""
        if file.size and file.size > most:
            raise DeskRefused("file: too big")
        return await self._client.download(file.url, most)


def _id(body: Any) -> int | None:
    number = mapping.mapping(body).get("id")
    return number if isinstance(number, int) else None


def _place(body: Any) -> Place:
    found = mapping.place(body)
    if found is None:
        raise DeskUnknown("conversation without id", late=False)
    return found


def _filename(name: str, mime: str) -> str:
    """Files from a phone often have no name; its end tells people what it is."""
    if "." in name:
        return name
    return f"{name}{ENDS.get(mime, '')}"


def _spellings(phone: str | None) -> list[str]:
    """A Mexican mobile with and without the 1 of old (section 4.1)."""
    if not phone:
        return []
    digits = phone.lstrip("+")
    if digits.startswith("521") and len(digits) == 13:
        return [f"+52{digits[3:]}", f"+{digits}"]
    if digits.startswith("52") and len(digits) == 12:
        return [f"+{digits}", f"+521{digits[2:]}"]
    return [f"+{digits}"]
