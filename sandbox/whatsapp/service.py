"""The parts of the WhatsApp stand-in, put together."""

from __future__ import annotations

from sandbox.whatsapp.chats import Chats
from sandbox.whatsapp.limits import Limits
from sandbox.whatsapp.media import MediaStore
from sandbox.whatsapp.sending import Sending
from sandbox.whatsapp.statuses import Statuses
from sandbox.whatsapp.templates import Templates
from sandbox.whatsapp.webhooks import Post, Webhooks
from sandbox.world import World


class WhatsApp:
    """One phone number of one account. `post` replaces the HTTP client in tests."""

    def __init__(self, world: World, post: Post | None = None) -> None:
        self.world = world
        self.chats = Chats(world)
        self.media = MediaStore(world.clock)
        self.templates = Templates(world.clock)
        self.limits = Limits(world.clock)
        self.webhooks = Webhooks(world.faults, post) if post else Webhooks(world.faults)
        self.statuses = Statuses(self.chats, self.webhooks)
        self.sending = Sending(self.chats, self.media, self.templates, self.limits, self.statuses)
        world.on_reset(self.clear)

    def clear(self) -> None:
        """Back to the start."""
        self.statuses.clear()
        self.webhooks.clear()
        self.chats.clear()
        self.media.clear()
        self.templates.reload()
        self.limits.clear()
