"""What becomes of an accepted message: sent, delivered, read, or failed (reference/whatsapp.md, section 3)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from sandbox.whatsapp.chats import Chat, Chats, Line
from sandbox.whatsapp.errors import GraphError
from sandbox.whatsapp.webhooks import Webhooks

State = Literal["sent", "delivered", "read", "failed"]


@dataclass
class Statuses:
    """Reports on every message. `delays` are seconds from acceptance to each tick."""

    chats: Chats
    webhooks: Webhooks
    delays: dict[State, float] = field(default_factory=lambda: {"sent": 0.1, "delivered": 0.4, "read": 1.5})
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def clear(self) -> None:
        """Report no more on earlier messages."""
        for task in self._tasks:
            task.cancel()

    def follow(self, chat: Chat, line: Line, category: str) -> None:
        """Send the statuses of an accepted message in the background.

        A fault `whatsapp_webhook`/`error` with a `code` makes it fail with that code.
        """
        task = asyncio.get_running_loop().create_task(self._follow(chat, line, category))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, chat: Chat, line: Line, category: str) -> None:
        fault = self.webhooks.faults.hit("whatsapp_webhook", "error")
        error = GraphError(fault.code or 131026) if fault else await _fetch_link(line.body)
        if error:
            await asyncio.sleep(self.delays["sent"])
            self._report(chat, line, "failed", {"errors": [error.in_status()]}, str(error))
            return
        at, pricing = 0.0, {"pricing": _pricing(category)}
        states: tuple[State, ...] = ("sent",) if line.body.get("type") == "reaction" else ("sent", "delivered", "read")
        for state in states:
            await asyncio.sleep(max(0.0, self.delays[state] - at))
            at = self.delays[state]
            self._report(chat, line, state, {} if state == "read" else pricing)

    def _report(self, chat: Chat, line: Line, state: State, more: dict[str, Any], error: str | None = None) -> None:
        self.chats.advance(line, state, error)
        moment = str(int(self.chats.world.clock.now().timestamp()))
        status: dict[str, Any] = {"id": line.id, "status": state, "timestamp": moment}
        if chat.wa_id:
            status["recipient_id"] = chat.wa_id
        if chat.user_id:
            status["recipient_user_id"] = chat.user_id
        if callback := line.body.get("biz_opaque_callback_data"):
            status["biz_opaque_callback_data"] = callback
        self.webhooks.status({**status, **more})


def _pricing(category: str) -> dict[str, Any]:
    free = category == "service"
    kind = "free_customer_service" if free else "regular"
    return {"billable": not free, "pricing_model": "PMP", "type": kind, "category": category}


async def _fetch_link(body: dict[str, Any]) -> GraphError | None:
    """Meta fetches a `link` after it accepted the message: no redirects, a fitting type, else 131053."""
    kind = body.get("type", "text")
    media = body.get(kind)
    link = media.get("link") if isinstance(media, dict) else None
    if not link:
        return None
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(link)
    except httpx.HTTPError as error:
        return GraphError(131053, f"{link}: {type(error).__name__}")
    if answer.status_code != 200:
        return GraphError(131053, f"{link}: HTTP {answer.status_code}")
    if kind == "image" and not answer.headers.get("content-type", "").startswith("image/"):
        return GraphError(131053, f"{link}: {answer.headers.get('content-type')}")
    return None
