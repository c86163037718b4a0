"""Calls to the action server that keep a connection, send little and never fail loudly."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

log = logging.getLogger(__name__)
RECENT_EVENTS = 40


AGAIN = "again"  # a turn that nobody waits for is not done: it comes again


def trouble(kind: str | None = None) -> dict[str, Any]:
    """The errand ends with a kind word; nothing is claimed. What María tells by herself can be told later."""
    if kind == "event":
        return {
            "events": [{"event": "slot", "name": "outcome", "value": {AGAIN: True}}],
            "responses": [{"custom": {"kind": AGAIN}}],
        }
    return {
        "events": [{"event": "slot", "name": "outcome", "value": {"end": True}}],
        "responses": [{"response": "utter_trouble"}],
    }


class PatientEndpoint(EndpointConfig):
    """Rasa's endpoint opens a connection a call, sends the whole history and has no time-out."""

    session_: aiohttp.ClientSession | None = None
    seconds = 40.0

    @classmethod
    def install(cls, agent: Agent) -> None:
        """Put this endpoint in the place of Rasa's own."""
        if agent.action_endpoint is None or isinstance(agent.action_endpoint, cls):
            return
        old = agent.action_endpoint
        agent.action_endpoint = cls(old.url, token=old.token, **old.kwargs)
        agent.processor.action_endpoint = agent.action_endpoint

    async def request(self, method: str = "post", json: dict[str, Any] | None = None, **_: Any) -> Any:
        """Call the action server; when it is down or late, say so kindly instead of failing the turn."""
        if json is None:
            raise ValueError("an action call has a body")
        tracker = json["tracker"]
        tracker["events"] = (tracker["events"] or [])[-RECENT_EVENTS:]
        json["domain"] = {}  # our actions need none, and it is large
        json.pop("domain_digest", None)
        try:
            return await self._call(json)
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            log.error("action %s failed: %s", json["next_action"], type(error).__name__)
            return trouble(_kind(tracker))

    async def _call(self, json: dict[str, Any]) -> Any:
        """Once more where a kept connection turns out to be closed: actions are keyed by the turn, so twice is once."""
        try:
            return await self._once(json)
        except aiohttp.ClientConnectorError:  # nobody listens
            raise
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            return await self._once(json)

    async def _once(self, json: dict[str, Any]) -> Any:
        if self.session_ is None:
            self.session_ = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.seconds))
        async with self.session_.post(self.url, json=json) as answer:
            answer.raise_for_status()
            return await answer.json()


def _kind(tracker: dict[str, Any]) -> str | None:
    """What opened the turn, e.g. a text, a tap or an event."""
    return ((tracker.get("latest_message") or {}).get("metadata") or {}).get("kind")
