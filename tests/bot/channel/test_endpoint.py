"""The call to the action server over real connections that are closed at a bad moment."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from bot.channel.endpoint import PatientEndpoint, trouble

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"done": 1}'


class Actions:
    """Answers one call a connection; a second one on it, or any of the first `deaf` connections, is cut."""

    def __init__(self, deaf: int = 0) -> None:
        self.deaf, self.connections, self.calls = deaf, 0, 0

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        mine = self.connections
        await self._call(reader)
        if mine > self.deaf:
            writer.write(ANSWER)
            await writer.drain()
            with suppress(asyncio.IncompleteReadError):
                await self._call(reader)
        writer.transport.abort()

    async def _call(self, reader: asyncio.StreamReader) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        self.calls += 1


def call(actions: Actions, times: int, kind: str = "text") -> list[Any]:
    body = {"next_action": "action_x", "tracker": {"events": [], "latest_message": {"metadata": {"kind": kind}}}}

    async def play() -> list[Any]:
        server = await asyncio.start_server(actions.speak, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        endpoint = PatientEndpoint(f"http://127.0.0.1:{port}/webhook")
        try:
            return [await endpoint.request(json=dict(body)) for _ in range(times)]
        finally:
            server.close()
            if endpoint.session_:
                await endpoint.session_.close()

    return asyncio.run(play())


def test_a_kept_connection_that_was_closed_is_not_the_citizens_problem() -> None:
    actions = Actions()
    assert call(actions, 2) == [{"done": 1}, {"done": 1}]
    assert (actions.connections, actions.calls) == (2, 3)


@pytest.mark.parametrize("deaf", [2, 9])
def test_who_never_answers_is_asked_twice_and_no_more(deaf: int) -> None:
    actions = Actions(deaf)
    assert call(actions, 1) == [trouble()]
    assert actions.calls == 2


def test_what_maria_tells_by_herself_is_told_later_instead_of_excused() -> None:
    assert trouble("text") == trouble()
    (answer,) = call(Actions(deaf=9), 1, "event")
    assert answer == trouble("event")
    assert answer["responses"] == [{"custom": {"kind": "again"}}]
