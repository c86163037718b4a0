"""What edge and worker are both made of, built from the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import httpx
from redis.asyncio import Redis

from channels.turns.port import ChannelPort
from channels.turns.rasa import RasaClient
from channels.whatsapp.client import GraphClient
from channels.whatsapp.files import Files
from channels.whatsapp.parser import CHANNEL as WHATSAPP
from channels.whatsapp.port import WhatsAppPort
from services.bootstrap import KNOWLEDGE
from services.clock import Clock
from services.contacts.service import Contacts
from services.experiments.service import Experiments
from services.messaging.bell import Bell
from services.messaging.ingest import Ingest
from services.messaging.media import MediaStore
from services.messaging.outbox import Outbox
from services.redis import connect
from services.settings import Settings
from services.storage import Database


@dataclass
class Parts:
    """The shared things, alive until `close`."""

    settings: Settings
    clock: Clock
    database: Database
    redis: Redis
    http: httpx.AsyncClient
    bell: Bell
    contacts: Contacts
    media: MediaStore
    outbox: Outbox
    ingest: Ingest
    rasa: RasaClient
    graph: GraphClient

    @classmethod
    def build(cls, settings: Settings, clock: Clock | None = None, http: httpx.AsyncClient | None = None) -> Self:
        """Nothing is connected before it is used; tests bring their own clock and HTTP client."""
        clock = clock or Clock(settings.timezone)
        database, redis = Database(settings.database_url), connect(settings.redis_url)
        http = http or httpx.AsyncClient(timeout=httpx.Timeout(20, connect=3))
        bell = Bell(redis)
        experiments = Experiments.read(KNOWLEDGE / "experiments.yml", settings.experiments)
        return cls(
            settings=settings,
            clock=clock,
            database=database,
            redis=redis,
            http=http,
            bell=bell,
            contacts=Contacts(database, clock),
            media=MediaStore(database, clock),
            outbox=Outbox(database, bell),
            ingest=Ingest(
                database,
                clock,
                bell,
                burst_seconds=settings.burst_seconds,
                register=lambda contact: experiments.register(contact, settings.register_default),
            ),
            rasa=RasaClient(http, settings.rasa_url, settings.rasa_internal_token.get_secret_value()),
            graph=GraphClient(
                http,
                settings.whatsapp_graph_url,
                settings.whatsapp_graph_version,
                settings.whatsapp_phone_number_id,
                settings.whatsapp_token.get_secret_value(),
            ),
        )

    async def close(self) -> None:
        """Give everything back."""
        await self.http.aclose()
        await self.redis.aclose()
        await self.database.close()


def channel_ports(parts: Parts) -> dict[str, ChannelPort]:
    """Each channel's side of a turn."""
    files = Files(parts.graph, parts.media, parts.settings.max_media_bytes)
    return {WHATSAPP: WhatsAppPort(parts.graph, files)}
