"""The truth for a citizen whose words do not reach the desk."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from services.contacts.service import Contacts
from services.handoff.tables import EpisodeRow, RelayRow
from services.knowledge.texts import Texts
from services.messaging.outbound import Text
from services.messaging.outbox import Draft, Outbox
from services.messaging.tables import InboxRow


@dataclass
class Slow:
    """Says it once for as long as the same message waits. `phone` is the number to call instead."""

    outbox: Outbox
    contacts: Contacts
    texts: Texts
    phone: str

    async def tell(self, episode: EpisodeRow) -> None:
        """Only if something the citizen wrote is still here."""
        first = await self._waits(episode)
        if first is None:
            return
        register = (await self.contacts.get(episode.contact_id)).register
        text = self.texts.get("handoff_slow", register, tel_cea=self.phone)
        draft = Draft(f"handoff:{episode.id}:slow:{first}", Text(body=text))
        await self.outbox.enqueue(episode.contact_id, episode.channel, [draft])

    async def _waits(self, episode: EpisodeRow) -> str | None:
        mine = RelayRow.episode_id == episode.id, RelayRow.way == "in", RelayRow.status.in_(("pending", "sending"))
        taken = InboxRow.contact_id == episode.contact_id, InboxRow.status == "relayed"
        async with self.outbox.database.read() as session:
            ledger = await session.scalar(select(RelayRow.key).where(*mine).order_by(RelayRow.id).limit(1))
            inbox = await session.scalar(select(InboxRow.id).where(*taken).order_by(InboxRow.id).limit(1))
        return ledger or (f"i{inbox}" if inbox else None)
