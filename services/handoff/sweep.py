"""From the inbox and the outbox into the ledger: what the desk must get, in its words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.handoff.claims import Claims, Held
from services.handoff.lines import Lines
from services.handoff.model import Line, Way
from services.handoff.spans import FROM_DESK, fresh
from services.handoff.tables import EpisodeRow, RelayRow
from services.messaging.inbound import Inbound, Kind
from services.messaging.tables import InboxRow, OutboxRow
from services.storage.upsert import insert_new


def relay(episode: str, way: Way, key: str, line: Line, at: Any, status: str = "pending") -> dict[str, Any]:
    """A row for the ledger."""
    body = line.model_dump(mode="json", exclude_defaults=True)
    values = {"episode_id": episode, "way": way, "key": key, "body": body, "status": status}
    return {**values, "attempts": 0, "again": False, "created_at": at}


class Sweep:
    """Reads both tables; everything gets into the ledger once, by its key."""

    def __init__(self, claims: Claims, lines: Lines, clock: Clock) -> None:
        self.claims, self.lines, self.clock = claims, lines, clock

    async def run(self, held: Held, episode: EpisodeRow) -> None:
        """What is new of an episode, ours and the citizen's, in the order it was said."""
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            talk = await fresh(session, episode)
            kept = set(await session.scalars(select(RelayRow.key).where(RelayRow.episode_id == episode.id)))
            said, answers = [r for r in talk.inbox if f"i{r.id}" not in kept], talk.outbox
            rows = [(r.received_at, 0, r.id, await self.inbound(session, episode, r)) for r in said]
            rows += [(r.created_at, 1, r.id, self.outbound(episode, r)) for r in answers if f"o{r.id}" not in kept]
            listed = [row for *_, row in sorted(rows, key=lambda r: r[:3])]
            for row in listed:  # one by one: their ids give the order
                await insert_new(session, RelayRow, [row], ("episode_id", "key"))
            taken = [r.id for r in talk.inbox if r.status == "relayed"]
            await session.execute(update(InboxRow).where(InboxRow.id.in_(taken)).values(status="handled"))

    async def inbound(self, session: AsyncSession, episode: EpisodeRow, row: InboxRow) -> dict[str, Any]:
        """A message of the citizen's."""
        message = Inbound.model_validate(row.message)
        quoted, about = await self._quoted(session, episode, message)
        text = self.lines.citizen(message, has_file=row.media_id is not None, about=about)
        line = Line(text=text, media=row.media_id, reply_to=quoted)
        made = relay(episode.id, "in", f"i{row.id}", line, self.clock.now())
        return {**made, "body": {**made["body"], "owed": row.status == "relayed"}}

    def outbound(self, episode: EpisodeRow, row: OutboxRow) -> dict[str, Any]:
        """A message of María's."""
        text, media = self.lines.maria(row.message)
        return relay(episode.id, "maria", f"o{row.id}", Line(text=text, media=media), self.clock.now())

    async def _quoted(self, session: AsyncSession, episode: EpisodeRow, message: Inbound) -> tuple[int | None, str]:
        """The desk's id of the message that is answered or reacted to, and its text."""
        if not message.reply_to:
            return None, ""
        query = select(OutboxRow).where(OutboxRow.provider_id == message.reply_to)
        if answered := (await session.scalars(query.where(OutboxRow.contact_id == episode.contact_id))).first():
            text = self.lines.maria(answered.message)[0] if message.kind is Kind.REACTION else ""
            if answered.key.startswith(FROM_DESK):
                return desk_id(answered.key), text
            return await self._remote(session, episode, f"o{answered.id}"), text
        own = select(InboxRow).where(InboxRow.provider_id == message.reply_to)
        if said := (await session.scalars(own.where(InboxRow.contact_id == episode.contact_id))).first():
            return await self._remote(session, episode, f"i{said.id}"), str(said.message.get("text") or "")
        return None, ""

    @staticmethod
    async def _remote(session: AsyncSession, episode: EpisodeRow, key: str) -> int | None:
        query = select(RelayRow.remote_id).where(RelayRow.episode_id == episode.id, RelayRow.key == key)
        return await session.scalar(query)


def desk_key(conversation: int, message: int, part: str) -> str:
    """The outbox key of what a person wrote."""
    return f"{FROM_DESK}{conversation}:{message}:{part}"


def desk_id(key: str) -> int | None:
    """The desk's message id in such a key."""
    parts = key.split(":")
    return int(parts[2]) if len(parts) > 2 and parts[2].isdigit() else None
