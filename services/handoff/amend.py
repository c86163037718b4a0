"""What a person does afterwards to a message that was brought over: try again, delete it, put it into other words.

WhatsApp takes nothing back. So a deletion stops what has not left yet, and otherwise tells the person that it was
received; other words go out as a correction. Stock Chatwoot cannot edit (agora.md 4.4); AGORA is a fork.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.handoff.claims import Claims, Held
from services.handoff.feed import conversation_of
from services.handoff.fetch import Fetcher, is_for_citizen
from services.handoff.model import Line
from services.handoff.port import Desk, RemoteMessage
from services.handoff.rules import Rules
from services.handoff.sweep import relay
from services.handoff.tables import EpisodeRow, RelayRow
from services.messaging.outbox import Draft, Outbox
from services.messaging.tables import OutboxRow
from services.storage.upsert import insert_new


@dataclass
class Amender:
    """Looks at the messages that are marked `again`, as they are at the desk now."""

    claims: Claims
    desk: Desk
    fetcher: Fetcher
    outbox: Outbox
    rules: Rules
    clock: Clock

    async def run(self, held: Held, episode: EpisodeRow) -> bool:
        """Do what follows for each; True if a note waits for the desk."""
        mine = RelayRow.episode_id == episode.id, RelayRow.again.is_(True)
        async with self.claims.database.read() as session:
            rows = list(await session.scalars(select(RelayRow).where(*mine).order_by(RelayRow.id)))
        noted = False
        for row in rows:
            remote = int(row.remote_id or 0)
            listed = await self.desk.after(conversation_of(episode), remote - 1)
            message = next((m for m in listed if m.id == remote), None)
            if message is not None and message.deleted:
                noted |= await self._deleted(held, episode, row)
            else:
                await self._said_again(held, episode, row, message)
        return noted

    async def _said_again(self, held: Held, episode: EpisodeRow, row: RelayRow, message: RemoteMessage | None) -> None:
        values: dict[str, Any] = {"again": False}
        drafts = await self._drafts(episode, row, message) if message else []
        if message and drafts:
            body = {"keys": [d.key for d in drafts], "digest": message.digest}
            values |= {"status": "sent", "attempts": row.attempts + 1, "body": body}
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await self.outbox.write(session, episode.contact_id, episode.channel, drafts)
            await session.execute(update(RelayRow).where(RelayRow.id == row.id).values(**values))
        await self.outbox.bell.ring("outbox")

    async def _drafts(self, episode: EpisodeRow, row: RelayRow, message: RemoteMessage) -> list[Draft]:
        """What failed, as it is now; or the new words of what has arrived."""
        if message.failed or not is_for_citizen(message):
            return []
        if row.status != "failed":
            text = self.rules.correction.format(text=message.text)
            message = replace(message, text=text, files=(), template=None, options=())
        return await self.fetcher.drafts(episode, message, f"r{row.attempts}")

    async def _deleted(self, held: Held, episode: EpisodeRow, row: RelayRow) -> bool:
        """Stop what has not left; of what has, the person is told. Whether there is something to tell."""
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            late = await self._stop(session, row.body["keys"]) if row.status != "failed" else False
            values = {"again": False, "body": {**row.body, "deleted": True}, "status": row.status if late else "failed"}
            await session.execute(update(RelayRow).where(RelayRow.id == row.id).values(**values))
            if late:
                line = Line(text=str(self.rules.note["deleted_late"]), reply_to=row.remote_id)
                note = relay(episode.id, "note", f"gone{row.remote_id}", line, self.clock.now())
                await insert_new(session, RelayRow, [note], ("episode_id", "key"))
        return late

    @staticmethod
    async def _stop(session: AsyncSession, keys: list[str]) -> bool:
        """Take back what still waits; whether something of it is on its way or there."""
        waits = OutboxRow.key.in_(keys), OutboxRow.status == "pending", OutboxRow.parts_sent == 0
        await session.execute(update(OutboxRow).where(*waits).values(status="expired", error="deleted"))
        left = OutboxRow.key.in_(keys), OutboxRow.status.not_in(("expired", "failed"))
        return await session.scalar(select(OutboxRow.id).where(*left).limit(1)) is not None
