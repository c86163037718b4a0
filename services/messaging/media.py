"""Files that come in or go out, kept in the database so that every machine sees them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from services.clock import Clock
from services.errors import NotFound
from services.messaging.tables import MediaRow, UploadRow
from services.storage import Database
from services.storage.base import new_id
from services.storage.upsert import insert

UPLOAD_LIFE = timedelta(days=29)  # WhatsApp keeps an uploaded file 30 days (whatsapp.md section 5)


@dataclass(frozen=True)
class Medium:
    """A file and what it is."""

    id: str
    mime: str
    filename: str
    content: bytes
    contact: str | None


def media_row(content: bytes, mime: str, filename: str, contact: str | None, now: datetime) -> MediaRow:
    """A file to be kept, for a transaction of the caller's own; it has its id already."""
    return MediaRow(
        id=new_id(),
        contact_id=contact,
        mime=mime,
        filename=filename,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        created_at=now,
    )


class MediaStore:
    """Keeps files and remembers which are already uploaded to a channel."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def put(self, content: bytes, mime: str, filename: str, contact: str | None = None) -> str:
        """Keep a file; its id."""
        row = media_row(content, mime, filename, contact, self.clock.now())
        async with self.database.begin() as session:
            session.add(row)
        return row.id

    async def get(self, media_id: str, contact: str | None = None) -> Medium:
        """A file; with `contact`, only if it is theirs.

        Raises:
            NotFound: no such file, or somebody else's.
        """
        async with self.database.read() as session:
            row = await session.get(MediaRow, media_id)
        if row is None or (contact is not None and row.contact_id != contact):
            raise NotFound("media")
        return Medium(row.id, row.mime, row.filename, row.content, row.contact_id)

    async def filename(self, media_id: str) -> str | None:
        """Its name, without reading the file."""
        async with self.database.read() as session:
            return await session.scalar(select(MediaRow.filename).where(MediaRow.id == media_id))

    async def upload_of(self, media_id: str, channel: str) -> str | None:
        """The provider's id of a file uploaded before, while the provider still keeps it."""
        query = select(UploadRow.provider_id).where(
            UploadRow.media_id == media_id,
            UploadRow.channel == channel,
            UploadRow.uploaded_at > self.clock.now() - UPLOAD_LIFE,
        )
        async with self.database.read() as session:
            return await session.scalar(query)

    async def remember_upload(self, media_id: str, channel: str, provider_id: str) -> None:
        """It is uploaded."""
        values = {"provider_id": provider_id, "uploaded_at": self.clock.now()}
        async with self.database.begin() as session:
            made = insert(session, UploadRow).values(media_id=media_id, channel=channel, **values)
            await session.execute(made.on_conflict_do_update(index_elements=["media_id", "channel"], set_=values))

    async def forget_upload(self, media_id: str, channel: str) -> None:
        """The provider no longer knows it."""
        async with self.database.begin() as session:
            where = UploadRow.media_id == media_id, UploadRow.channel == channel
            await session.execute(delete(UploadRow).where(*where))

    async def drop_older(self, than: timedelta) -> int:
        """Delete files kept longer than that; how many."""
        async with self.database.begin() as session:
            old = MediaRow.created_at < self.clock.now() - than
            return len((await session.execute(delete(MediaRow).where(old).returning(MediaRow.id))).all())
