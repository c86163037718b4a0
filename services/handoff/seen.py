"""Two blue ticks under what the citizen wrote to a person: only once a person has seen it.

AGORA sends nothing when an agent reads (agora.md 5.8); a conversation only says how much of it is unread. So the ticks
come with the next look, within half a minute; an answer proves that what stood before it was read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import func, select, update

from services.handoff.claims import Claims, Held
from services.handoff.port import Place
from services.handoff.tables import EpisodeRow, RelayRow
from services.messaging.tables import InboxRow

Mark = Callable[[str, str], Awaitable[None]]  # channel, the provider's id of the message; never raises
SEEN = "read"


@dataclass
class Seen:
    """Tells the citizen's phone."""

    claims: Claims
    mark: Mark

    async def run(self, held: Held, episode: EpisodeRow, place: Place) -> None:
        """Mark the newest message a person has seen; those before it are read with it."""
        newest = await self._newest(episode, place)
        if newest is None:
            return
        async with self.claims.database.read() as session:
            provider_id = await session.scalar(select(InboxRow.provider_id).where(InboxRow.id == int(newest.key[1:])))
        if provider_id is not None:
            await self.mark(episode.channel, provider_id)
        upto = RelayRow.episode_id == episode.id, RelayRow.way == "in", RelayRow.remote_id <= newest.remote_id
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await session.execute(update(RelayRow).where(*upto, RelayRow.status == "sent").values(status=SEEN))

    async def _newest(self, episode: EpisodeRow, place: Place) -> RelayRow | None:
        """Of what stands at the desk and is not marked yet."""
        there = RelayRow.episode_id == episode.id, RelayRow.way == "in", RelayRow.status == "sent"
        query = select(RelayRow).where(*there, RelayRow.remote_id.is_not(None))
        if place.unread != 0:
            spoke = select(func.max(RelayRow.remote_id)).where(RelayRow.episode_id == episode.id)
            query = query.where(RelayRow.remote_id < spoke.where(RelayRow.way == "out").scalar_subquery())
        async with self.claims.database.read() as session:
            return (await session.scalars(query.order_by(RelayRow.remote_id.desc()).limit(1))).first()
