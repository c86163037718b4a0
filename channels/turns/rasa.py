"""The way into Rasa: one POST a turn (the other end is `bot/channel/connector.py`)."""

from __future__ import annotations

from typing import Any

import httpx

from services.errors import BadInput, Unavailable

NOT_DONE = '"not done"'  # bot/channel/connector.py: María's own turn, whose action could not be reached


class TurnFailed(Unavailable):
    """Rasa is there and broke on this very turn; after a few tries it will not get better."""


class RasaClient:
    """Speaks to `/webhooks/internal/turn`. A turn id that was answered before gets the same replies again."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: str, timeout_seconds: float = 60.0) -> None:
        self.http = http
        self.url = f"{url.rstrip('/')}/webhooks/internal"
        self.token = token
        self.timeout = httpx.Timeout(timeout_seconds, connect=2.0)

    async def turn(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The replies to one turn.

        Raises:
            Unavailable: Rasa is down, starting or too slow; ask again later with the same id.
            TurnFailed: it broke on this turn.
            BadInput: Rasa does not know the intent.
        """
        headers = {"X-Internal-Token": self.token}
        try:
            answer = await self.http.post(f"{self.url}/turn", json=body, headers=headers, timeout=self.timeout)
        except httpx.HTTPError as error:
            raise Unavailable(type(error).__name__) from error
        if answer.status_code == 422:
            raise BadInput("unknown intent")
        if answer.status_code == 500 or (answer.status_code == 503 and NOT_DONE in answer.text):
            raise TurnFailed(f"http {answer.status_code}")
        if answer.status_code != 200:
            raise Unavailable(f"http {answer.status_code}")
        try:
            return list(answer.json()["replies"])
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable("unreadable answer") from error

    async def ready(self) -> bool:
        """Whether a model is loaded."""
        try:
            return (await self.http.get(f"{self.url}/ready", timeout=2.0)).status_code == 200
        except httpx.HTTPError:
            return False
