"""What a turn needs of the channel it came by."""

from __future__ import annotations

from typing import Protocol

from channels.turns.request import Fetched
from services.messaging.inbound import MediaPointer


class ChannelPort(Protocol):
    """One channel's side of a conversation."""

    async def show_alive(self, provider_id: str) -> None:
        """Mark the message as read and show that María is writing. Never raises."""

    async def mark_read(self, provider_id: str) -> None:
        """Mark the message, and those before it, as read. Never raises."""

    async def fetch(self, pointer: MediaPointer, contact: str) -> Fetched:
        """Bring a file home; what went wrong is in the answer. Never raises."""

    def short_key(self, option_id: str) -> str:
        """The id an option travels under on this channel."""
