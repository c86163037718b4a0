"""Uploaded and received media: types, sizes, ids and how long they live (reference/whatsapp.md, section 5)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sandbox.whatsapp.errors import GraphError
from sandbox.world import SandboxClock

KB, MB = 1024, 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    """What the API takes for one kind of media; `most` in bytes."""

    types: frozenset[str]
    most: int


KINDS: dict[str, Kind] = {
    "audio": Kind(frozenset(f"audio/{t}" for t in ("aac", "amr", "mpeg", "mp4", "ogg")), 16 * MB),
    "document": Kind(
        frozenset(
            {
                "text/plain",
                "application/pdf",
                "application/msword",
                "application/vnd.ms-excel",
                "application/vnd.ms-powerpoint",
                f"{OFFICE}wordprocessingml.document",
                f"{OFFICE}spreadsheetml.sheet",
                f"{OFFICE}presentationml.presentation",
            }
        ),
        100 * MB,
    ),
    "image": Kind(frozenset({"image/jpeg", "image/png"}), 5 * MB),
    "video": Kind(frozenset({"video/mp4", "video/3gpp"}), 16 * MB),
    "sticker": Kind(frozenset({"image/webp"}), 500 * KB),
}
STARTS: dict[str, tuple[bytes, ...]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "application/pdf": (b"%PDF",),
    "audio/ogg": (b"OggS",),
    "image/webp": (b"RIFF",),
}
LIFE = {"business": timedelta(days=30), "user": timedelta(days=7)}
URL_LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Medium:
    """One file. `owner` is who put it there: María (reusable 30 days) or a citizen (7 days)."""

    id: str
    content: bytes
    mime: str
    owner: Literal["business", "user"]
    at: datetime
    filename: str | None = None

    @property
    def base_mime(self) -> str:
        """The type without parameters: `audio/ogg; codecs=opus` is `audio/ogg`."""
        return self.mime.split(";")[0].strip().lower()

    @property
    def sha256(self) -> str:
        """Hex digest, as `GET /{media_id}` gives it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def sha256_base64(self) -> str:
        """The digest as webhooks carry it."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


class MediaStore:
    """All media, in memory."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self._media: dict[str, Medium] = {}
        self._urls: dict[str, tuple[str, datetime]] = {}

    def clear(self) -> None:
        """Forget everything."""
        self._media.clear()
        self._urls.clear()

    def upload(self, content: bytes, mime: str, filename: str | None) -> Medium:
        """Take a file of María's.

        Raises:
            GraphError: 100 for a type WhatsApp does not take, 131053 for one too big or that is not what it says.
        """
        medium = Medium(_new_id(), content, mime, "business", self.clock.now(), filename)
        kind = next((k for k in KINDS.values() if medium.base_mime in k.types), None)
        if kind is None:
            raise GraphError(100, f"Param file must be a file with one of the supported types - got {mime}.")
        if not content or len(content) > kind.most:
            raise GraphError(131053, f"File size {len(content)} is out of bounds. Max allowed: {kind.most}.")
        starts = STARTS.get(medium.base_mime)
        if starts and not content.startswith(starts):
            raise GraphError(131053, f"The file is not {medium.base_mime}.")
        self._media[medium.id] = medium
        return medium

    def receive(self, content: bytes, mime: str, filename: str | None = None) -> Medium:
        """Take a file a citizen sent; nothing is refused."""
        medium = Medium(_new_id(), content, mime, "user", self.clock.now(), filename)
        self._media[medium.id] = medium
        return medium

    def get(self, media_id: str) -> Medium | None:
        """A medium that has not expired."""
        medium = self._media.get(media_id)
        if medium is None or self.clock.now() - medium.at > LIFE[medium.owner]:
            return None
        return medium

    def sendable(self, media_id: str) -> Medium | None:
        """A medium María may send: only what she uploaded."""
        medium = self.get(media_id)
        return medium if medium is not None and medium.owner == "business" else None

    def delete(self, media_id: str) -> bool:
        """Remove a medium; False if there was none."""
        return self._media.pop(media_id, None) is not None

    def open_url(self, medium: Medium) -> str:
        """A fresh key for the download address; it is good for five minutes."""
        key = secrets.token_urlsafe(24)
        self._urls[key] = (medium.id, self.clock.now())
        return key

    def by_url(self, key: str) -> Medium | None:
        """The medium behind a download address that has not run out."""
        media_id, at = self._urls.get(key, ("", None))
        if at is None or self.clock.now() - at > URL_LIFE:
            return None
        return self.get(media_id)


def _new_id() -> str:
    return str(secrets.randbelow(9 * 10**14) + 10**14)
