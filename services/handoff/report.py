"""What became of a person's messages at the citizen's end, told back to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from services.clock import Clock
from services.handoff.claims import Claims, Held
from services.handoff.feed import conversation_of
from services.handoff.port import Desk
from services.handoff.rules import Rules
from services.handoff.tables import EpisodeRow, RelayRow
from services.messaging.tables import OutboxRow

YOUNG = timedelta(seconds=12)  # AGORA waits five seconds for an answer to a webhook, and five for its connection
OVER = ("failed", "expired")
FINAL = ("read", "failed")
WINDOW = ("window", "131047")  # ours, and Meta's code for the same


class Reporter:
    """Compares the outbox with what the desk was last told."""

    def __init__(self, claims: Claims, desk: Desk, rules: Rules, clock: Clock) -> None:
        self.claims, self.desk, self.rules, self.clock = claims, desk, rules, clock

    async def report(self, held: Held, episode: EpisodeRow) -> bool:
        """Tell what changed; True while something is still under way.

        Raises:
            ServiceError: of the desk; what was not told is told next time.
        """
        mine = RelayRow.episode_id == episode.id, RelayRow.way == "out"
        async with self.claims.database.read() as session:
            query = select(RelayRow).where(*mine, RelayRow.status.not_in((*FINAL, "fetching")))
            rows = list(await session.scalars(query.order_by(RelayRow.id)))
            young = select(RelayRow.id).where(*mine, RelayRow.created_at > self.clock.now() - YOUNG).limit(1)
            moving = await session.scalar(young) is not None  # its webhook may still fail it
            keys = [key for row in rows for key in row.body["keys"]]
            found = await session.scalars(select(OutboxRow).where(OutboxRow.key.in_(keys)))
            letters = {letter.key: letter for letter in found}
        for row in rows:
            parts = [letters[key] for key in row.body["keys"] if key in letters]
            state, reason = self._state(row, parts)
            if state != row.status:
                told = "failed" if state == "failed" else state
                await self.desk.report(conversation_of(episode), int(row.remote_id or 0), told, reason)
                await self._told(held, row, state)
            moving |= state == "sent"
        return moving

    def _state(self, row: RelayRow, parts: Sequence[OutboxRow]) -> tuple[str, str | None]:
        """sent, delivered, read or failed: a message of several parts is as far as its slowest one."""
        if row.status == "lost":
            return "failed", self.rules.not_delivered["file"]
        broken = next((p for p in parts if p.status in OVER or p.delivery == "failed"), None)
        if broken:
            return "failed", self._reason(broken.error or broken.status)
        states = {p.delivery for p in parts}
        if states and states <= {"read"}:
            return "read", None
        if states and states <= {"read", "delivered"}:
            return "delivered", None
        return "sent", None

    def _reason(self, error: str) -> str:
        words = self.rules.not_delivered
        return words["window"] if error in WINDOW else words["other"].format(code=error)

    async def _told(self, held: Held, row: RelayRow, state: str) -> None:
        async with self.claims.database.begin() as session:
            await self.claims.mine(session, held)
            await session.execute(update(RelayRow).where(RelayRow.id == row.id).values(status=state))
