"""One row a conversation: what is needed to go on, and no more. So message 200 costs what message 2 does.

Rasa's own SQL store keeps every event for ever and reads them all back for each message.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

DAY = 86_400.0
REMEMBER_TURNS = 7 * DAY  # as long as WhatsApp repeats a delivery

meta = sa.MetaData()
trackers = sa.Table(
    "rasa_conversations",
    meta,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("updated", sa.Float, index=True),
    sa.Column("data", sa.Text, nullable=False),
)
turns = sa.Table(
    "rasa_turns",
    meta,
    sa.Column("id", sa.String(128), primary_key=True),
    sa.Column("at", sa.Float, index=True),
    sa.Column("replies", sa.Text, nullable=False),
)


def compact(tracker: DialogueStateTracker, keep: int) -> list[Event]:
    """The last `keep` events or so, after a head that restores what came before.

    It cuts only where the bot was listening, so no turn is torn apart.
    """
    events = list(tracker.events)
    if len(events) <= 2 * keep:
        return events
    recent = range(len(events) - keep, len(events))
    cut = next((i for i in recent if isinstance(events[i], UserUttered)), None)
    if cut is None or not _was_listening(events[:cut]):
        return events
    past = tracker.init_copy()
    for event in events[:cut]:
        event.apply_to(past)
    return _head(past, events[cut].timestamp) + events[cut:]


def _head(past: DialogueStateTracker, at: float) -> list[Event]:
    head: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at),
        SessionStarted(timestamp=at),
    ]
    changed = [s for s in past.slots.values() if s.value != s.initial_value]
    head += [SlotSet(s.name, s.value, timestamp=at) for s in changed]
    if past.active_loop:
        head.append(ActiveLoop(past.active_loop_name, timestamp=at))
    head.append(ActionExecuted(ACTION_LISTEN_NAME, timestamp=at))
    return head


def _was_listening(events: list[Event]) -> bool:
    executed = (e.action_name for e in reversed(events) if isinstance(e, ActionExecuted))
    return next(executed, None) == ACTION_LISTEN_NAME


class SnapshotStore(TrackerStore, SerializedTrackerAsText):
    """A tracker store on SQLite or PostgreSQL, and the memory of the turns already answered."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        url: str | None = None,
        event_broker: EventBroker | None = None,
        keep: int = 60,
        **kwargs: Any,
    ) -> None:
        self.keep = keep
        self.engine = sa.create_engine(url or host, pool_pre_ping=True)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _configure_sqlite)
        meta.create_all(self.engine)
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation's one row."""
        await self.stream_events(tracker)
        data = json.dumps([e.as_dict() for e in compact(tracker, self.keep)])
        updated = tracker.events[-1].timestamp if tracker.events else time.time()
        row = {"updated": updated, "data": data}
        with self.engine.begin() as connection:
            where = trackers.c.sender_id == tracker.sender_id
            if not connection.execute(trackers.update().where(where).values(**row)).rowcount:
                connection.execute(trackers.insert().values(sender_id=tracker.sender_id, **row))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation, or None for a new one."""
        query = sa.select(trackers.c.data).where(trackers.c.sender_id == sender_id)
        with self.engine.connect() as connection:
            data = connection.execute(query).scalar()
        if not data:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(data), self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """Every conversation's id."""
        with self.engine.connect() as connection:
            return [row[0] for row in connection.execute(sa.select(trackers.c.sender_id))]

    async def forget(self, sender_id: str) -> None:
        """Erase one person's conversation."""
        with self.engine.begin() as connection:
            connection.execute(trackers.delete().where(trackers.c.sender_id == sender_id))

    def replies_of(self, turn_id: str) -> list[dict[str, Any]] | None:
        """What this turn was answered, if it was."""
        with self.engine.connect() as connection:
            found = connection.execute(sa.select(turns.c.replies).where(turns.c.id == turn_id)).scalar()
        return json.loads(found) if found is not None else None

    def remember(self, turn_id: str, replies: list[dict[str, Any]]) -> None:
        """Keep a turn's replies for as long as it may be repeated."""
        now = time.time()
        with self.engine.begin() as connection:
            connection.execute(turns.delete().where(turns.c.at < now - REMEMBER_TURNS))
            connection.execute(turns.insert().values(id=turn_id, at=now, replies=json.dumps(replies)))


def _configure_sqlite(connection: Any, _: Any) -> None:
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;")
