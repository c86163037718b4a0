"""Messages on their way to the desk: in order, each once, whatever fails in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import func, select, update

from services.errors import NotFound
from services.handoff.claims import Claims, Held
from services.handoff.model import Line
from services.handoff.port import Desk, DeskDown, DeskRefused, DeskUnknown, File, Posting
from services.handoff.tables import EpisodeRow, RelayRow
from services.messaging.media import MediaStore

log = structlog.get_logger(__name__)

TO_DESK = ("note", "in", "maria")
OPEN = ("pending", "sending")
MOST_REFUSED = 6  # the desk says the same to "too many in a minute" and to "never": try a while, then go on
SOURCE = "maria:"  # our own messages come back from the desk; by this they are known


def source_of(row: RelayRow) -> str:
    """Our id of a message at the desk."""
    return f"{SOURCE}{row.episode_id[:12]}:{row.key}"


@dataclass
class Feeder:
    """Posts what the ledger holds. `settle`: how long a request that got no answer may still do its work."""

    claims: Claims
    desk: Desk
    media: MediaStore
    settle: timedelta = timedelta(seconds=16)

    async def feed(self, held: Held, episode: EpisodeRow, ways: tuple[str, ...] = TO_DESK) -> None:
        """Everything that waits. On an error the rest stays, in order, for the next time.

        Raises:
            DeskDown, DeskUnknown, DeskRefused, DeskGone, LostLease.
        """
        for row in await self._waiting(episode.id, ways):
            if row.status == "sending" and await self._found(held, episode, row):
                continue
            await self._put(held, episode, row)

    async def settled(self, held: Held, episode: EpisodeRow) -> None:
        """Find out about what left without an answer, before it is said who has it; what is not there waits again.

        Raises:
            DeskUnknown: one may still arrive; ask again later.
        """
        for row in await self._waiting(episode.id, TO_DESK):
            if row.status == "sending" and not await self._found(held, episode, row):
                await self._settled(held, row, "pending", None)

    async def _waiting(self, episode: str, ways: tuple[str, ...]) -> list[RelayRow]:
        query = select(RelayRow).where(RelayRow.episode_id == episode, RelayRow.way.in_(ways))
        async with self.claims.database.read() as session:
            return list(await session.scalars(query.where(RelayRow.status.in_(OPEN)).order_by(RelayRow.id)))

    async def _found(self, held: Held, episode: EpisodeRow, row: RelayRow) -> bool:
        """Whether an earlier attempt did arrive after all; it is looked up, never repeated blindly."""
        query = select(func.max(RelayRow.remote_id))
        mine = RelayRow.episode_id == episode.id, RelayRow.way.in_(TO_DESK), RelayRow.id < row.id
        async with self.claims.database.read() as session:
            last = await session.scalar(query.where(*mine))
        source = source_of(row)
        for message in await self.desk.after(conversation_of(episode), last or 0):
            if message.source == source:
                await self._settled(held, row, "sent", message.id)
                return True
        tried = row.tried_at or self.claims.wall.now()
        if row.body.get("late") and self.claims.wall.now() < tried + self.settle:
            raise DeskUnknown("not there yet", late=True)
        return False

    async def _put(self, held: Held, episode: EpisodeRow, row: RelayRow) -> None:
        posting = await self._posting(row)
        await self._settled(held, row, "sending", None, late=True)
        try:
            remote = await self.desk.put(conversation_of(episode), posting)
        except DeskUnknown as error:
            if not error.late:
                await self._settled(held, row, "sending", None, late=False)
            raise
        except DeskDown:
            await self._settled(held, row, "pending", None)
            raise
        except DeskRefused as error:
            over = row.attempts + 1 >= MOST_REFUSED
            await self._settled(held, row, "failed" if over else "pending", None)
            if not over:
                raise
            log.error("handoff_message_refused", episode=episode.id, relay=row.id, why=str(error))
            return
        await self._settled(held, row, "sent", remote)

    async def _posting(self, row: RelayRow) -> Posting:
        line, file = Line.model_validate(row.body), None
        if line.media:
            try:
                medium = await self.media.get(line.media)
                file = File(medium.filename, medium.mime, medium.content)
            except NotFound:
                log.warning("handoff_file_gone", relay=row.id)
        return Posting(source_of(row), row.way, line.text, file, line.reply_to)  # type: ignore[arg-type]

    async def _settled(
        self, held: Held, row: RelayRow, status: str, remote: int | None, late: bool | None = None
    ) -> None:
        values: dict[str, object] = {"status": status, "remote_id": remote}
        if late is not None:
            values["body"] = {**row.body, "late": late}
        if status == "sending" and late:
            values |= {"tried_at": self.claims.wall.now(), "attempts": RelayRow.attempts + 1}
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await session.execute(update(RelayRow).where(RelayRow.id == row.id).values(**values))


def conversation_of(episode: EpisodeRow) -> int:
    """The desk's id of it.

    Raises:
        DeskDown: it has none yet.
    """
    if episode.conversation is None:
        raise DeskDown("no conversation yet")
    return episode.conversation
