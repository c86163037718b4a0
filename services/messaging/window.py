"""Whether free text may be sent to a contact now: WhatsApp allows it for 24 hours after they wrote."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.contacts.tables import ContactRow
from services.messaging.tables import ConversationRow

WINDOW = timedelta(hours=24)
SPARE = timedelta(minutes=5)  # a message waits a little before it leaves
LIMITED = frozenset({"whatsapp"})


async def is_open(session: AsyncSession, contact: ContactRow, now: datetime) -> bool:
    """With a few minutes to spare; other channels have no window."""
    if contact.channel not in LIMITED:
        return True
    query = select(ConversationRow.last_inbound_at).where(ConversationRow.contact_id == contact.id)
    last = await session.scalar(query)
    return last is not None and now - last < WINDOW - SPARE
