"""While a turn is worked on: keep the lease, and keep the citizen seeing that somebody is there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from channels.turns.port import ChannelPort
from services.messaging.inbox import Claim, Inbox, LostLease

TYPING_SECONDS = 20.0  # WhatsApp shows it for 25 (whatsapp.md section 4)


@contextlib.asynccontextmanager
async def kept_alive(claim: Claim, inbox: Inbox, port: ChannelPort, *, show: bool) -> AsyncIterator[None]:
    """Runs both beside the block and ends them with it."""
    beside = [asyncio.create_task(_renew(claim, inbox))]
    if show and claim.last_provider_id:
        beside.append(asyncio.create_task(_show(claim.last_provider_id, port)))
    try:
        yield
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _renew(claim: Claim, inbox: Inbox) -> None:
    while True:
        await asyncio.sleep(inbox.lease.total_seconds() / 3)
        with contextlib.suppress(LostLease):  # whoever writes next will find out
            await inbox.renew(claim)


async def _show(provider_id: str, port: ChannelPort) -> None:
    while True:
        await port.show_alive(provider_id)
        await asyncio.sleep(TYPING_SECONDS)
