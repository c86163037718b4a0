"""WhatsApp's side of a turn."""

from __future__ import annotations

import structlog

from channels.turns.request import Fetched
from channels.whatsapp.client import GraphClient, GraphRefused, GraphSilent
from channels.whatsapp.files import Files
from channels.whatsapp.renderer import short_key
from services.messaging.inbound import MediaPointer

log = structlog.get_logger(__name__)


class WhatsAppPort:
    """Implements `channels.turns.port.ChannelPort`."""

    def __init__(self, client: GraphClient, files: Files) -> None:
        self.client = client
        self.files = files

    async def show_alive(self, provider_id: str) -> None:
        """Ticks and typing; a failure is logged and costs nothing."""
        await self._mark(provider_id, typing=True)

    async def mark_read(self, provider_id: str) -> None:
        """Ticks alone."""
        await self._mark(provider_id, typing=False)

    async def _mark(self, provider_id: str, *, typing: bool) -> None:
        try:
            await self.client.mark_read(provider_id, typing=typing)
        except (GraphRefused, GraphSilent) as error:
            log.info("mark_read_failed", error=str(error))

    async def fetch(self, pointer: MediaPointer, contact: str) -> Fetched:
        """Bring a file home."""
        return await self.files.fetch(pointer, contact)

    def short_key(self, option_id: str) -> str:
        """As the renderer makes it."""
        return short_key(option_id)
