"""The desk as the edge and the worker use it: AGORA's webhook, and the loop that keeps both sides the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from fastapi import APIRouter
from redis.exceptions import RedisError
from sqlalchemy import select

from channels.turns.port import ChannelPort
from channels.whatsapp.parser import CHANNEL as WHATSAPP
from handoff import webhook
from handoff.client import AgoraClient
from handoff.desk import AgoraDesk
from runtime.wiring import Parts, channel_ports
from services.analytics.events import Analytics
from services.bootstrap import DATA, KNOWLEDGE
from services.handoff.amend import Amender
from services.handoff.care import Waiting
from services.handoff.claims import Claims, Held
from services.handoff.deliver import Delivery
from services.handoff.episodes import Handoffs
from services.handoff.feed import Feeder
from services.handoff.fetch import Fetcher
from services.handoff.followup import Followup
from services.handoff.lines import Lines
from services.handoff.note import Notes
from services.handoff.port import Desk
from services.handoff.report import Reporter
from services.handoff.rules import Rules
from services.handoff.seen import Mark, Seen
from services.handoff.slow import Slow
from services.handoff.sweep import Sweep
from services.handoff.sync import Sync
from services.handoff.tables import EpisodeRow
from services.knowledge.formats import Formats
from services.knowledge.places import Places
from services.knowledge.texts import Texts
from services.messaging.loop import Loop
from services.messaging.tables import ConversationRow

log = structlog.get_logger(__name__)

EPISODES = 8  # at once, in one process
TYPING_EVERY = 20  # seconds; WhatsApp shows it for 25


def build_rules() -> Rules:
    """`data/knowledge/handoff.yml`."""
    return Rules.read(KNOWLEDGE / "handoff.yml")


def build_handoffs(parts: Parts, rules: Rules | None = None) -> Handoffs:
    """For whoever asks, holds or rings."""
    return Handoffs(parts.database, parts.clock, parts.bell, rules or build_rules())


def build_desk(parts: Parts) -> AgoraDesk:
    """AGORA's inbox."""
    settings = parts.settings
    client = AgoraClient(
        parts.http,
        settings.agora_url,
        settings.agora_account_id,
        settings.agora_bot_token.get_secret_value(),
        settings.agora_user_token.get_secret_value(),
    )
    return AgoraDesk(client, settings.agora_inbox_id)


def build_sync(parts: Parts, desk: Desk, settle: timedelta = timedelta(seconds=16)) -> Sync:
    """Everything around one desk."""
    rules, settings, clock = build_rules(), parts.settings, parts.clock
    handoffs = build_handoffs(parts, rules)
    claims = Claims(parts.database, lease_seconds=settings.turn_lease_seconds)
    sweep = Sweep(claims, Lines(rules), clock)
    feeder = Feeder(claims, desk, parts.media, settle)
    analytics = Analytics(parts.database, clock, settings.code_pepper.get_secret_value())
    texts = Texts(DATA / "texts.yml")
    notes = Notes(rules, texts.table("errand_titles"), clock.local)
    delivery = Delivery(claims, desk, handoffs, parts.contacts, analytics, feeder, sweep, notes, rules, clock)
    fetcher = Fetcher(claims, desk, parts.outbox, parts.media, rules, clock, settings.max_media_bytes)
    amender = Amender(claims, desk, fetcher, parts.outbox, rules, clock)
    reporter = Reporter(claims, desk, rules, clock)
    tel = Formats(clock, texts).phone(Places(KNOWLEDGE / "offices.yml", KNOWLEDGE / "zones.yml").phone)
    slow = Slow(parts.outbox, parts.contacts, texts, tel)
    poll = timedelta(seconds=settings.handoff_poll_seconds)
    followup = Followup(claims, desk, handoffs, Waiting.read(KNOWLEDGE / "waiting.yml"))
    talk = (delivery, feeder, fetcher, amender, reporter, sweep)
    return Sync(claims, desk, handoffs, *talk, rules, slow, followup, Seen(claims, mark_read(parts)), poll)


def mark_read(parts: Parts) -> Mark:
    """Ticks without "typing…"."""
    ports = channel_ports(parts)

    async def mark(channel: str, provider_id: str) -> None:
        await ports[channel].mark_read(provider_id)

    return mark


def handoff_loop(parts: Parts, sync: Sync | None = None, most: int = EPISODES) -> Loop[Held]:
    """Delivers cases, carries messages both ways, looks by itself now and then."""
    sync = sync or build_sync(parts, build_desk(parts))
    return Loop("desk", parts.bell, sync.claims.take, sync.work, sync.claims.next_due, most)


def agora(parts: Parts, ports: dict[str, ChannelPort]) -> APIRouter:
    """`/webhooks/agora`."""
    settings, handoffs = parts.settings, build_handoffs(parts)
    return webhook.build(
        handoffs,
        secret=settings.agora_webhook_secret.get_secret_value(),
        account=settings.agora_account_id,
        inbox=settings.agora_inbox_id,
        typing=show_typing(parts, ports[WHATSAPP]),
        wall=handoffs.wall,
    )


def show_typing(parts: Parts, port: ChannelPort) -> Callable[[int], Awaitable[None]]:
    """The citizen sees that somebody writes, at most every 20 seconds."""

    async def show(conversation: int) -> None:
        query = select(ConversationRow.last_provider_id)
        query = query.join(EpisodeRow, EpisodeRow.live_key == ConversationRow.contact_id)
        query = query.where(EpisodeRow.conversation == conversation, EpisodeRow.state == "open")
        async with parts.database.read() as session:
            last = await session.scalar(query)
        if last and await _first(parts, f"typing:{conversation}"):
            await port.show_alive(last)

    return show


async def _first(parts: Parts, key: str) -> bool:
    try:
        return bool(await parts.redis.set(key, 1, nx=True, ex=TYPING_EVERY))
    except (RedisError, OSError) as error:
        log.info("typing_not_shown", error=type(error).__name__)
        return False
