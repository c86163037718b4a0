"""What María tells herself later: a turn that no message of the citizen opens, stored like one and so never lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal
from sqlalchemy.ext.asyncio import AsyncSession

from services.messaging.inbound import Inbound, Kind, Sender
from services.messaging.tables import ConversationRow, InboxRow
from services.storage import UtcDateTime
from services.storage.upsert import insert, insert_new


@dataclass(frozen=True)
class Event:
    """One of `events` in `data/errands.yml` with its entities. The same `key` is stored once, whoever tries."""

    key: str
    intent: str
    entities: Mapping[str, str | int | float | bool]


async def post(session: AsyncSession, contact: str, channel: str, event: Event, now: datetime) -> None:
    """Put it behind what waits in the conversation; ring the inbox bell after the commit.

    It neither opens WhatsApp's 24-hour window nor cuts a burst short: only the citizen's own messages do.
    """
    message = Inbound(
        channel=channel,
        provider_id=event.key,
        sender=Sender(),
        sent_at=now,
        kind=Kind.EVENT,
        tap_id=f"/{event.intent}{json.dumps(dict(event.entities))}",
    )
    row = {
        "channel": channel,
        "provider_id": event.key,
        "contact_id": contact,
        "kind": Kind.EVENT.value,
        "message": message.model_dump(mode="json", exclude_defaults=True),
        "status": "pending",
        "attempts": 0,
        "sent_at": now,
        "received_at": now,
    }
    if not await insert_new(session, InboxRow, [row], ("channel", "provider_id")):
        return
    made = insert(session, ConversationRow).values(contact_id=contact, channel=channel, attempts=0, due_at=now)
    due = func.coalesce(ConversationRow.due_at, literal(now, UtcDateTime()))
    await session.execute(made.on_conflict_do_update(index_elements=["contact_id"], set_={"due_at": due}))
