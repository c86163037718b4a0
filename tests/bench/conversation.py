"""What message 200 of a conversation costs beside message 2 of another one, measured by turns.

The cost is from the webhook's arrival to the replies written: sending is paced by WhatsApp's pair rate, so 200
replies to one person take most of half an hour.
"""

from __future__ import annotations

import asyncio
import statistics

from sqlalchemy import select

from sandbox.whatsapp.inbound import Content, button_reply
from services.messaging.tables import InboxRow
from tests.bench.figures import Figure
from tests.bench.load import Said, phones
from tests.bench.whole import Whole

LONG, QUICK_LONG, PAIRS = 200, 60, 20
OLD, *FRESH = phones(1 + PAIRS, first=4425579000)
FLAT = 1.25  # what still counts as flat on a noisy machine
TURNS: tuple[Content, ...] = (
    button_reply('/balance_inquiry{"contract_number": "455123"}', "Cuánto debo"),
    button_reply("/conservation_tips", "Consejos"),
)


async def measure(whole: Whole) -> list[Figure]:
    """The median of the old conversation's last messages over that of young conversations' second ones."""
    length = QUICK_LONG if whole.quick else LONG
    for n in range(length - PAIRS):
        await _cost(whole, OLD, TURNS[n % 2])
    old, young = [], []
    for n, phone in enumerate(FRESH):
        await _cost(whole, phone, TURNS[(n + 1) % 2])
        young.append(await _cost(whole, phone, TURNS[n % 2]))
        old.append(await _cost(whole, OLD, TURNS[n % 2]))
    late, early = statistics.median(old) * 1000, statistics.median(young) * 1000
    detail = f"{late:.0f} ms at message {length - PAIRS + 1} to {length}, {early:.0f} ms at message 2 (medians)"
    return [Figure(f"message {length} over message 2", late / early, FLAT, "x", detail)]


async def _cost(whole: Whole, phone: str, content: Content) -> float:
    """Seconds from storing a message to its replies written."""
    said = await whole.meta.until_taken(Said(phone, content))
    query = select(InboxRow.received_at, InboxRow.handled_at).where(InboxRow.provider_id == said.id)
    while True:
        async with whole.database.read() as session:
            received, handled = (await session.execute(query)).one()
        if handled:
            return (handled - received).total_seconds()
        await asyncio.sleep(0.02)
