"""Messages in and replies out, for our own edge only: whole turns, in order, each at most once.

`POST /webhooks/internal/turn` with `X-Internal-Token`:
    {"id", "contact", "channel", "text"|null, "intent"|null, "entities": {name: value}, "metadata": {...}}
    → {"replies": [{"text", "buttons", "image", "attachment", "custom"}]}
An error is a 500: the caller keeps the message and comes again. An id seen before gets the same replies again.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.constants import DEFAULT_SENDER_ID
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channel.endpoint import AGAIN, PatientEndpoint
from bot.channel.heard import heard
from bot.channel.introduction import introduce
from bot.channel.openings import open_with
from bot.channel.store import SnapshotStore
from bot.channel.unclear import unclear
from bot.channel.understood import understood
from bot.nlu.rule_entities import find_care

log = logging.getLogger(__name__)
MOST_ACTIONS = 30  # a turn that serves two requests takes more than Rasa's 10; what is beyond is a fault of the plan
COMMAND = re.compile(r"^[\s/]+")  # a citizen's "/restart" is text, never an order to Rasa

Handler = Callable[[UserMessage], Awaitable[Any]]


class Collector(OutputChannel):
    """Keeps each reply whole and in order; Rasa's own would cut texts at blank lines."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.replies: list[dict[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]  # Rasa's is a classmethod; responses may vary by channel
        """The citizen's channel."""
        return self.channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one reply."""
        self.replies.append({k: v for k, v in message.items() if v})


class UnknownIntent(ValueError):
    """A tap or an attachment names an intent that the domain lacks."""


class NotDone(RuntimeError):
    """The action of a turn that nobody waits for could not be reached; the same turn is to come again."""


def parse_data(body: dict[str, Any], intents: list[str]) -> dict[str, Any] | None:
    """A tap or an attachment needs no understanding: it is what it says. None for plain text.

    Raises:
        UnknownIntent: not one of the domain's own intents; Rasa's built-in orders never pass.
    """
    name = body.get("intent")
    if not name:
        return None
    if name not in intents or name in DEFAULT_INTENTS:
        raise UnknownIntent(name)
    intent = {"name": name, "confidence": 1.0}
    given = body.get("entities") or {}
    care = {f.entity: f.value for f in find_care(str(given.get("caption") or ""), {})}  # what a photo's words tell
    entities = [
        {"entity": k, "value": v, "start": 0, "end": 0, "extractor": "channel"} for k, v in {**care, **given}.items()
    ]
    return {
        "text": body.get("text") or "",
        "intent": intent,
        "intent_ranking": [intent],
        "entities": entities,
    }


class InternalInput(InputChannel):
    """The only way into Rasa."""

    def __init__(self, token: str) -> None:
        if not token:
            raise ValueError("RASA_INTERNAL_TOKEN is not set")
        self.token = token

    @classmethod
    def name(cls) -> str:
        """Part of the URL."""
        return "internal"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InternalInput:
        """The token comes from the environment, not from a file."""
        return cls(os.environ.get("RASA_INTERNAL_TOKEN", ""))

    def _allows(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get("x-internal-token", ""), self.token)

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """`/ready`, `/turn`, `/understood`, `/model`, `/forget`."""
        bp = Blueprint("internal", __name__)

        @bp.listener("after_server_start")
        async def prepare(app: Any, loop: Any) -> None:
            agent = _agent(app)
            if agent:
                PatientEndpoint.install(agent)
                agent.processor.max_number_of_predictions = MOST_ACTIONS

        @bp.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            agent = _agent(request.app)
            body = {"ready": bool(agent), "model": agent.model_id if agent else None}
            return response.json(body, 200 if agent else 503)

        @bp.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._guarded(request, lambda agent: _turn(agent, request.json, on_new_message))

        @bp.post("/understood")
        async def last_understood(request: Request) -> HTTPResponse:
            return await self._guarded(request, lambda agent: _understood(agent, request.json["contact"]))

        @bp.post("/model")
        async def model(request: Request) -> HTTPResponse:
            return await self._guarded(request, lambda agent: _swap(agent, request.json["path"]))

        @bp.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            return await self._guarded(request, lambda agent: _forget(agent, request.json["contact"]))

        return bp

    async def _guarded(self, request: Request, work: Callable[[Agent], Awaitable[dict[str, Any]]]) -> HTTPResponse:
        if not self._allows(request):
            return response.json({"error": "token"}, 401)
        agent = _agent(request.app)
        if not agent:
            return response.json({"error": "no model"}, 503)
        try:
            return response.json(await work(agent))
        except UnknownIntent:
            return response.json({"error": "unknown intent"}, 422)
        except NotDone:
            return response.json({"error": "not done"}, 503)


def _agent(app: Any) -> Agent | None:
    agent = getattr(app.ctx, "agent", None)
    return agent if agent and agent.is_ready() else None


async def _turn(agent: Agent, body: dict[str, Any], on_new_message: Handler) -> dict[str, Any]:
    store = agent.tracker_store
    if isinstance(store, SnapshotStore):
        known = store.replies_of(body["id"])
        if known is not None:
            return {"replies": known}
    structured = parse_data(body, agent.domain.intents)
    text = body.get("text") or ""
    out = Collector(body["channel"])
    metadata = body.get("metadata") or {}
    await on_new_message(
        UserMessage(
            text=text if structured else COMMAND.sub("", text),
            output_channel=out,
            sender_id=body["contact"] or DEFAULT_SENDER_ID,
            input_channel=body["channel"],
            message_id=body["id"],
            metadata=metadata,
            parse_data=structured,
        )
    )
    if any((reply.get("custom") or {}).get("kind") == AGAIN for reply in out.replies):
        raise NotDone(body["id"])
    tracker = await store.retrieve(str(body["contact"] or DEFAULT_SENDER_ID))
    replies = _opened(tracker, agent.domain, out.replies, metadata)
    if structured is None:
        replies = replies + _unclear(tracker)
    replies = replies + _heard(tracker)
    if isinstance(store, SnapshotStore):
        store.remember(body["id"], replies)
    return {"replies": replies}


def _unclear(tracker: DialogueStateTracker | None) -> list[dict[str, Any]]:
    """Beside the replies: what was not understood, for the edge to keep masked."""
    heard = unclear(tracker) if tracker else None
    return [{"custom": heard}] if heard else []


def _heard(tracker: DialogueStateTracker | None) -> list[dict[str, Any]]:
    """Beside the replies: what it was taken for, for the figures."""
    found = heard(tracker) if tracker else None
    return [{"custom": found}] if found else []


async def _understood(agent: Agent, contact: str) -> dict[str, Any]:
    tracker = await agent.tracker_store.retrieve(contact)
    return understood(tracker) if tracker else {}


def _opened(
    tracker: DialogueStateTracker | None, domain: Domain, replies: list[dict[str, Any]], metadata: dict[str, Any]
) -> list[dict[str, Any]]:
    """With what stands before the answer, unless the plan wants it bare."""
    state = (tracker.get_slot("dialogue") if tracker else None) or {}
    if tracker is None or state.get("bare"):
        return replies
    opened = open_with(replies, domain, state.get("opening") or {}, tracker.get_slot("register") or "usted")
    return introduce(opened, domain, metadata)


async def _swap(agent: Agent, path: str) -> dict[str, Any]:
    """Another model, without a restart and without losing a message."""

    def build() -> MessageProcessor:
        return MessageProcessor(
            model_path=path,
            tracker_store=agent.tracker_store,
            lock_store=agent.lock_store,
            generator=agent.nlg,
            action_endpoint=agent.action_endpoint,
            max_number_of_predictions=MOST_ACTIONS,
        )

    fresh = await asyncio.get_event_loop().run_in_executor(None, build)
    agent.processor, agent.domain = fresh, fresh.domain
    agent.tracker_store.domain = fresh.domain
    agent.nlg.responses = fresh.domain.responses
    return {"model": agent.model_id}


async def _forget(agent: Agent, contact: str) -> dict[str, Any]:
    store = agent.tracker_store
    if isinstance(store, SnapshotStore):
        await store.forget(contact)
    return {"forgotten": True}
