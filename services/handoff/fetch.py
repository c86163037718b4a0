"""What a person writes at the desk, into the outbox: in order, each once; private notes never."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import PurePath
from typing import Any

import structlog
from sqlalchemy import select, update

from services.clock import Clock
from services.handoff.claims import Claims, Held
from services.handoff.feed import SOURCE, conversation_of
from services.handoff.port import Desk, DeskDown, DeskGone, DeskRefused, RemoteFile, RemoteMessage
from services.handoff.rules import Rules
from services.handoff.sweep import desk_key
from services.handoff.tables import EpisodeRow, RelayRow
from services.messaging.media import MediaStore
from services.messaging.outbound import (
    Audio,
    Buttons,
    Document,
    Image,
    ListMenu,
    Option,
    Outbound,
    Section,
    Template,
    Text,
    Video,
)
from services.messaging.outbox import Draft, Outbox
from services.messaging.tables import InboxRow
from services.storage.upsert import insert_new

log = structlog.get_logger(__name__)

YOUNG = timedelta(seconds=60)
ARRIVED = ("delivered", "read")
MOST_TRIES = 8  # a file may not be there yet when its message is (agora.md 5.6)
MOST_BUTTONS, MOST_ROWS, BODY = 3, 10, 1024
Body = dict[str, Any]
KINDS: dict[str, type[Image | Document | Audio | Video]] = {  # what WhatsApp shows or plays; the rest are documents
    "image/jpeg": Image,
    "image/png": Image,
    "video/mp4": Video,
    "audio/mpeg": Audio,
    "audio/ogg": Audio,
    "audio/mp4": Audio,
    "audio/aac": Audio,
    "audio/amr": Audio,
}


@dataclass
class Fetcher:
    """Reads the conversation at the desk from where it was left."""

    claims: Claims
    desk: Desk
    outbox: Outbox
    media: MediaStore
    rules: Rules
    clock: Clock
    most_bytes: int

    async def fetch(self, held: Held, episode: EpisodeRow) -> bool:
        """Bring over what is new; True if a person said something to the citizen.

        The last round's messages are looked at again: the desk may have written one down a little late.
        """
        conversation, spoke = conversation_of(episode), False
        recent = await self._recent(episode)
        messages = await self.desk.after(conversation, min([episode.cursor, *(remote - 1 for remote in recent)]))
        known = await self._known(episode, [m.id for m in messages])
        await self._tell_again(held, episode, [m.id for m in messages if m.failed and recent.get(m.id) in ARRIVED])
        for message in messages:
            if message.id in known:
                await self._touch(held, known[message.id], message)
            elif is_for_citizen(message):
                await self._deliver(held, episode, message)
                spoke = True
            elif message.author == "agent" and message.private and message.id > episode.seen:
                await self._note(held, episode, message)
        newest = max([episode.seen, *(m.id for m in messages)])
        if (episode.seen, newest) != (episode.cursor, episode.seen):
            await self.claims.write(held, cursor=episode.seen, seen=newest)
            episode.cursor, episode.seen = episode.seen, newest
        return spoke

    async def _known(self, episode: EpisodeRow, ids: list[int]) -> dict[int, RelayRow]:
        mine = RelayRow.episode_id == episode.id, RelayRow.way == "out", RelayRow.status != "fetching"
        async with self.claims.database.read() as session:
            rows = await session.scalars(select(RelayRow).where(*mine, RelayRow.remote_id.in_(ids)))
            return {int(row.remote_id or 0): row for row in rows}

    async def _touch(self, held: Held, row: RelayRow, message: RemoteMessage) -> None:
        """It was deleted or reworded, and the webhook that told so may be lost."""
        if row.again or row.status == "failed" or not is_touched(row, message):
            return
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await session.execute(update(RelayRow).where(RelayRow.id == row.id).values(again=True))

    async def _recent(self, episode: EpisodeRow) -> dict[int, str]:
        """What was brought over in the last minute, and the state that was told of it."""
        young = RelayRow.created_at > self.clock.now() - YOUNG
        query = select(RelayRow.remote_id, RelayRow.status)
        query = query.where(RelayRow.episode_id == episode.id, RelayRow.way == "out", young)
        async with self.claims.database.read() as session:
            return {int(remote): status for remote, status in await session.execute(query) if remote is not None}

    async def _tell_again(self, held: Held, episode: EpisodeRow, arrived: list[int]) -> None:
        """A webhook that got lost marked them as failed at the desk (agora.md 5.3), but they did arrive."""
        if not arrived:
            return
        mine = RelayRow.episode_id == episode.id, RelayRow.way == "out", RelayRow.remote_id.in_(arrived)
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await session.execute(update(RelayRow).where(*mine).values(status="sent"))

    async def _note(self, held: Held, episode: EpisodeRow, message: RemoteMessage) -> None:
        """Only what is marked for the citizen is kept."""
        if told := self.rules.closing(message.text):
            await self.claims.write(held, closing_note=told[:1000])

    async def _deliver(self, held: Held, episode: EpisodeRow, message: RemoteMessage) -> None:
        try:
            drafts, status = await self.drafts(episode, message, "m"), "sent"
        except (DeskDown, DeskGone) as error:
            if await self._tried(held, episode, message) < MOST_TRIES:
                raise
            log.warning("handoff_file_lost", episode=episode.id, message=message.id, why=str(error))
            drafts, status = [], "lost"
        except DeskRefused:
            drafts, status = [], "lost"
        await self._keep(held, episode, message, drafts, status)
        await self.outbox.bell.ring("outbox")

    async def _keep(
        self, held: Held, episode: EpisodeRow, message: RemoteMessage, drafts: list[Draft], status: str
    ) -> None:
        """The outbox, the ledger and the episode in one transaction."""
        spoke = message.name or episode.spoke
        now = self.clock.now()
        body = {"keys": [draft.key for draft in drafts], "digest": message.digest}
        row = self._row(episode, message, body, status)
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held, spoke=spoke, answered_at=episode.answered_at or now)
            new = await insert_new(session, RelayRow, [row], ("episode_id", "key"))
            if not new:  # an attempt to get its file had been noted
                same = RelayRow.episode_id == episode.id, RelayRow.key == row["key"]
                await session.execute(update(RelayRow).where(*same).values(body=body, status=status))
            await self.outbox.write(session, episode.contact_id, episode.channel, drafts)
        episode.spoke, episode.answered_at = spoke, episode.answered_at or now

    def _row(self, episode: EpisodeRow, message: RemoteMessage, body: Body, status: str) -> dict[str, object]:
        base = {"episode_id": episode.id, "way": "out", "key": f"d{message.id}", "remote_id": message.id}
        return {**base, "body": body, "status": status, "attempts": 0, "again": False, "created_at": self.clock.now()}

    async def _tried(self, held: Held, episode: EpisodeRow, message: RemoteMessage) -> int:
        row = self._row(episode, message, {"keys": []}, "fetching")
        mine = RelayRow.episode_id == episode.id, RelayRow.key == row["key"]
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await insert_new(session, RelayRow, [row], ("episode_id", "key"))
            changed = update(RelayRow).where(*mine).values(attempts=RelayRow.attempts + 1).returning(RelayRow.attempts)
            return int((await session.execute(changed)).scalar_one())

    async def drafts(self, episode: EpisodeRow, message: RemoteMessage, mark: str) -> list[Draft]:
        """The message as ours; the name of who writes stands before their first words."""
        named = bool(message.name) and message.name != episode.spoke
        head = self.rules.agent_name.format(name=message.name) + "\n" if named else ""
        messages = await self._messages(episode, replace(message, text=f"{head}{message.text}" if message.text else ""))
        return [
            Draft(desk_key(conversation_of(episode), message.id, f"{mark}{at}"), one) for at, one in enumerate(messages)
        ]

    async def _messages(self, episode: EpisodeRow, message: RemoteMessage) -> list[Outbound]:
        if used := message.template:
            return [Template(name=used.name, language=used.language, parameters=used.parameters)]
        files = [await self._file(episode, file) for file in message.files]
        if len(files) == 1 and len(message.text) <= BODY and not (message.text and isinstance(files[0], Audio)):
            return [files[0] if not message.text else files[0].model_copy(update={"caption": message.text})]
        return [*([_text(message, await self._quoted(episode, message))] if message.text else []), *files]

    async def _quoted(self, episode: EpisodeRow, message: RemoteMessage) -> str | None:
        """The provider's id of the citizen's message that the person answers."""
        ours, _, number = (message.reply_source or "").rpartition(":i")
        if not ours.startswith(SOURCE) or not number.isdigit():
            return None
        query = select(InboxRow.provider_id).where(InboxRow.id == int(number))
        async with self.claims.database.read() as session:
            return await session.scalar(query.where(InboxRow.contact_id == episode.contact_id))

    async def _file(self, episode: EpisodeRow, file: RemoteFile) -> Image | Document | Audio | Video:
        content = await self.desk.fetch(file, self.most_bytes)
        name, mime = PurePath(file.name).name[:120] or "archivo", file.mime
        kept = await self.media.put(content, mime, name, episode.contact_id)
        return KINDS.get(mime, Document)(media=kept)


def _text(message: RemoteMessage, quoted: str | None) -> Outbound:
    """Quick replies become buttons or rows where they fit."""
    options = tuple(Option(id=title, title=title) for title in message.options)
    if not options or len(options) > MOST_ROWS:
        return Text(body="\n".join([message.text, *(f"▫️ {o.title}" for o in options)]), quote=quoted)
    if len(options) <= MOST_BUTTONS:
        return Buttons(body=message.text, options=options)
    return ListMenu(body=message.text, button="▾", sections=(Section(options=options),))


def is_for_citizen(message: RemoteMessage) -> bool:
    """What a person wrote in public, and nothing of our own."""
    ours = (message.source or "").startswith(SOURCE)
    return message.author == "agent" and not (message.private or ours or message.deleted)


def is_touched(row: RelayRow, message: RemoteMessage) -> bool:
    """Whether its writer deleted it, put it into other words, or wants what failed sent once more."""
    if row.body.get("deleted"):
        return False
    if message.deleted:
        return True
    if row.status == "failed":
        return not message.failed
    return bool(message.text) and row.body.get("digest", message.digest) != message.digest
