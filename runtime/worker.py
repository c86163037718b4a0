"""The worker: `python -m runtime.worker`. Answers conversations, sends replies, does background tasks.

Any number may run; the database decides who holds what. Stopped politely it finishes what it has in hand;
killed, its leases run out and another goes on.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from channels.turns.counting import TurnCounts
from channels.turns.handing import Handing
from channels.turns.lexicon import Lexicon
from channels.turns.listening import Listener
from channels.turns.runner import TurnRunner
from channels.whatsapp.pace import Pace
from channels.whatsapp.parser import CHANNEL as WHATSAPP
from channels.whatsapp.sender import Sender
from runtime import figures, health
from runtime.handoff import build_handoffs, handoff_loop
from runtime.logging import configure_logging
from runtime.payments import Money
from runtime.wiring import Parts, channel_ports
from services.analytics.events import Analytics
from services.analytics.matomo import Matomo
from services.bootstrap import KNOWLEDGE
from services.experiments.service import Experiments
from services.identity.codes import Codes
from services.identity.policy import Policy
from services.messaging.inbox import Claim, Inbox
from services.messaging.loop import Loop
from services.messaging.outbox import Letter
from services.messaging.settle import Settler
from services.metrics import IN_WORK
from services.review.service import Review
from services.settings import get_settings

log = structlog.get_logger(__name__)

CONVERSATIONS, LETTERS = 16, 32  # at once, in one process
KEEP_FILES = timedelta(days=30)
MATOMO_EVERY = 30  # seconds


def review(parts: Parts) -> Review:
    """Where what was not understood is kept for the designers."""
    return Review(parts.database, parts.clock, parts.settings.review_days)


def conversation_loop(parts: Parts, most: int = CONVERSATIONS) -> Loop[Claim]:
    """Answers what citizens wrote."""
    inbox = Inbox(parts.database, lease_seconds=parts.settings.turn_lease_seconds)
    listener = Listener(inbox, parts.outbox, Lexicon.read(), parts.settings.max_text_chars)
    runner = TurnRunner(inbox, parts.outbox, parts.contacts, parts.rasa, listener, channel_ports(parts), parts.clock)
    pepper = parts.settings.code_pepper.get_secret_value()
    limits = Policy.read(KNOWLEDGE / "verification.yml").limits.code
    runner.codes = Codes(parts.database, parts.clock, limits, pepper)
    runner.review, runner.handing = review(parts), Handing(inbox, build_handoffs(parts), listener, runner.codes)
    experiments = Experiments.read(KNOWLEDGE / "experiments.yml", parts.settings.experiments)
    runner.counts = TurnCounts(Analytics(parts.database, parts.clock, pepper), experiments)

    async def work(claim: Claim) -> None:
        with IN_WORK.track_inprogress():
            await runner.run(claim)

    return Loop("inbox", parts.bell, inbox.claim, work, inbox.next_due, most)


def whatsapp_loop(parts: Parts, most: int = LETTERS) -> Loop[Letter]:
    """Sends what María says on WhatsApp."""
    settings = parts.settings
    pace = Pace(parts.redis, settings.whatsapp_phone_number_id, settings.whatsapp_messages_per_second)
    sender = Sender(parts.graph, Settler(parts.database), parts.contacts, parts.media, pace, parts.clock)

    async def take(free: int) -> list[Letter]:
        return await parts.outbox.claim(WHATSAPP, free)

    async def next_at() -> Any:
        return await parts.outbox.next_ready(WHATSAPP)

    return Loop("outbox", parts.bell, take, sender.send, next_at, most)


def operations_app(parts: Parts) -> FastAPI:
    """Health and metrics of this process."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    checks = {
        "database": health.database_check(parts.database),
        "redis": health.redis_check(parts.redis),
        "rasa": parts.rasa.ready,
    }
    app.include_router(health.build(checks))
    pepper = parts.settings.code_pepper.get_secret_value()
    app.include_router(figures.build(Analytics(parts.database, parts.clock, pepper), parts.clock, review(parts)))
    return app


async def housekeeping(parts: Parts) -> None:
    """Once an hour, drop what nobody will ask for again (what a request needs is with the agents by then).

    Files, messages whose time for labelling is over, events older than the figures look back, talks with a person.
    """
    analytics = Analytics(parts.database, parts.clock, parts.settings.code_pepper.get_secret_value())
    files = partial(parts.media.drop_older, KEEP_FILES)
    duties = (files, review(parts).drop_older, analytics.drop_older, build_handoffs(parts).forget)
    while True:
        await tidy(duties)
        await asyncio.sleep(3600)


async def tidy(duties: Iterable[Callable[[], Awaitable[object]]]) -> None:
    """Each for itself: a database that is away for a moment must not end the worker."""
    for duty in duties:
        try:
            await duty()
        except SQLAlchemyError as error:
            log.warning("housekeeping_later", error=type(error).__name__)


async def matomo(parts: Parts) -> None:
    """What happened in conversations, to Matomo; where none is set, nothing."""
    settings = parts.settings
    if not settings.matomo_url:
        return
    token, page = settings.matomo_token.get_secret_value(), f"{settings.edge_url.rstrip('/')}/chat"
    sink = Matomo(parts.database, parts.http, settings.matomo_url, settings.matomo_site_id, token, page)
    while True:
        if not await sink.push():
            await asyncio.sleep(MATOMO_EVERY)


# A job is a function of the parts that runs for ever. Add yours here.
JOBS: tuple[Callable[[Parts], Coroutine[Any, Any, None]], ...] = (
    lambda parts: conversation_loop(parts).run(),
    lambda parts: whatsapp_loop(parts).run(),
    lambda parts: handoff_loop(parts).run(),
    housekeeping,
    matomo,
)


async def run(parts: Parts, *beside: Coroutine[Any, Any, None]) -> None:
    """Everything a worker does, until cancelled."""
    jobs = [parts.bell.listen(), *(job(parts) for job in JOBS), *beside]
    if parts.settings.clock_url:
        jobs.append(parts.clock.follow(parts.settings.clock_url))
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(job)


async def serve() -> None:
    """Run with health and metrics on 127.0.0.1:8001 (`WORKER_PORT`) until told to stop."""
    parts = Parts.build(get_settings())
    port = int(os.environ.get("WORKER_PORT", "8001"))
    config = uvicorn.Config(operations_app(parts), "127.0.0.1", port, access_log=False, log_config=None)
    server = uvicorn.Server(config)
    work = asyncio.create_task(run(parts, Money.build(parts).run()))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    # uvicorn would take the signals for itself; only its listening is wanted here
    listening = asyncio.create_task(server._serve())
    try:
        await work
    except asyncio.CancelledError:
        log.info("worker_stopped")
    finally:
        server.should_exit = True
        await asyncio.gather(listening, return_exceptions=True)
        await parts.close()


def main() -> None:
    """Entry point. A little less urgent than the edge: a webhook must be answered at once, a turn can wait."""
    os.nice(5)
    configure_logging(get_settings().log_level)
    asyncio.run(serve())


if __name__ == "__main__":
    main()
