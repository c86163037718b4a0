"""Citizens' files brought home: size, kind and checksum are checked, names and types are not believed."""

from __future__ import annotations

import asyncio
import io
from pathlib import PurePath

import structlog
from PIL import Image

from channels.turns.request import Fetched
from channels.whatsapp.client import GraphClient, GraphRefused, GraphSilent
from services.messaging.inbound import MediaPointer
from services.messaging.media import MediaStore

log = structlog.get_logger(__name__)

TRIES = 3
MOST_PIXELS = 50_000_000  # a phone's camera has fewer; more is a bomb
IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
STARTS = {  # what a file really is, by how it begins
    b"%PDF-": "application/pdf",
    b"OggS": "audio/ogg",
    b"ID3": "audio/mpeg",
    b"#!AMR": "audio/amr",
}


class Unfit(Exception):
    """Not a file we keep."""


def real_type(content: bytes, said: str | None) -> str:
    """The file's type from its content.

    Raises:
        Unfit: an image that cannot be read, or with too many pixels.
    """
    for start, mime in STARTS.items():
        if content.startswith(start):
            return mime
    if content[4:8] == b"ftyp":
        return "audio/mp4" if (said or "").startswith("audio/") else "video/mp4"
    try:
        with Image.open(io.BytesIO(content), formats=list(IMAGES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unfit("too_big")
            return IMAGES[picture.format or ""]
    except (OSError, ValueError, KeyError, SyntaxError, Image.DecompressionBombError) as error:
        if (said or "").startswith("image/"):
            raise Unfit("unreadable") from error
    return "application/octet-stream"


class Files:
    """Downloads what citizens send and keeps it."""

    def __init__(self, client: GraphClient, store: MediaStore, max_bytes: int, pause: float = 0.5) -> None:
        self.client = client
        self.store = store
        self.max_bytes = max_bytes
        self.pause = pause

    async def fetch(self, pointer: MediaPointer, contact: str) -> Fetched:
        """Bring a file home; a stale address is asked for anew, a broken line tried again."""
        error = "unavailable"
        for attempt in range(TRIES):
            try:
                return Fetched(await self._once(pointer, contact))
            except (Unfit, ValueError) as found:
                error = str(found)
                if error != "checksum":
                    break
            except (GraphRefused, GraphSilent, KeyError) as found:
                log.info("media_retry", attempt=attempt, error=str(found))
            await asyncio.sleep(self.pause * 2**attempt)
        log.warning("media_failed", contact=contact, error=error)
        return Fetched(error=error)

    async def _once(self, pointer: MediaPointer, contact: str) -> str:
        remote = await self.client.locate(pointer.provider_id)
        if remote.size is not None and remote.size > self.max_bytes:
            raise Unfit("too_big")
        content = await self.client.download(remote, self.max_bytes)
        if not content:
            raise Unfit("unreadable")
        mime = await asyncio.to_thread(real_type, content, remote.mime or pointer.mime)
        name = PurePath(pointer.filename or "").name[:120] or "file"
        return await self.store.put(content, mime, name, contact)
