"""AGORA's API over HTTP: tokens, errors, paths (agora.md sections 2 and 4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from services.handoff.port import DeskDown, DeskGone, DeskRefused, DeskUnknown

SECONDS = httpx.Timeout(16.0, connect=3.0)  # AGORA cuts a request at 15 (section 2.3)
MOST_REDIRECTS = 3
Json = dict[str, Any]


class AgoraClient:
    """Two tokens: the bot's writes as María, the user's reads and reports (section 2.2). `http` is the caller's."""

    def __init__(self, http: httpx.AsyncClient, url: str, account: int, bot_token: str, user_token: str) -> None:
        self._http = http
        self._root = url.rstrip("/")
        self._base = f"{self._root}/api/v1/accounts/{account}"
        self._tokens = {"bot": bot_token, "user": user_token}

    async def get(self, path: str, **params: Any) -> Any:
        """Read, as the user."""
        return await self._call("GET", path, "user", reads=True, params=params)

    async def search(self, path: str, body: Json) -> Any:
        """A POST that changes nothing, as the user."""
        return await self._call("POST", path, "user", reads=True, json=body)

    async def post(self, path: str, body: Json, by: str = "bot") -> Any:
        """Write."""
        return await self._call("POST", path, by, json=body)

    async def form(self, path: str, data: dict[str, str], files: list[tuple[str, tuple[str, bytes, str]]]) -> Any:
        """Write with files, as the bot."""
        return await self._call("POST", path, "bot", data=data, files=files)

    async def put(self, path: str, body: Json) -> Any:
        """Change, as the user; harmless to repeat."""
        return await self._call("PUT", path, "user", json=body)

    async def patch(self, path: str, body: Json) -> Any:
        """Change, as the user; harmless to repeat."""
        return await self._call("PATCH", path, "user", json=body)

    async def put_public(self, path: str, body: Json) -> Any:
        """The Client API: what the path holds is the only secret; harmless to repeat."""
        return await self._call("PUT", f"{self._root}/public/api/v1/{path}", None, json=body)

    async def download(self, url: str, most: int) -> bytes:
        """A file by its address, which redirects to where it lies; no token goes along.

        Raises:
            DeskRefused: too big, or an address that is none.
        """
        content = bytearray()
        try:
            for _ in range(MOST_REDIRECTS + 1):
                if urlsplit(url).scheme not in ("http", "https"):
                    raise DeskRefused("file: address")
                async with self._http.stream("GET", url, timeout=SECONDS, follow_redirects=False) as answer:
                    if answer.is_redirect:
                        url = str(answer.url.join(answer.headers["location"]))
                        continue
                    if answer.status_code != 200:
                        raise DeskDown(f"file: {answer.status_code}")
                    async for chunk in answer.aiter_bytes():
                        content += chunk
                        if len(content) > most:
                            raise DeskRefused("file: too big")
                    return bytes(content)
        except httpx.HTTPError as error:
            raise DeskDown(f"file: {type(error).__name__}") from error
        raise DeskRefused("file: redirects")

    async def _call(self, method: str, path: str, by: str | None, *, reads: bool = False, **request: Any) -> Any:
        headers = {"Api-Access-Token": self._tokens[by]} if by else {}  # spelt so: proxies drop underscores
        url = path if path.startswith(self._root) else f"{self._base}/{path}"
        parts = path.split("/")
        what = f"{method} {parts[-1] if by else parts[-2]}"  # the end of a public path is its secret
        try:
            answer = await self._http.request(
                method, url, headers=headers, timeout=SECONDS, follow_redirects=False, **request
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise DeskDown(f"{what}: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            if reads:
                raise DeskDown(f"{what}: {type(error).__name__}") from error
            raise DeskUnknown(f"{what}: {type(error).__name__}", late=True) from error
        if answer.is_success:
            return _body(answer)
        raise _error(what, answer.status_code, reads=reads)


def _body(answer: httpx.Response) -> Any:
    """Some answers are empty."""
    try:
        return answer.json() if answer.content else {}
    except ValueError as error:
        raise DeskUnknown("unreadable answer", late=False) from error


def _error(what: str, status: int, *, reads: bool) -> Exception:
    """By the status alone: the words are translated (section 2.3)."""
    detail = f"{what}: {status}"
    if status == 404:
        return DeskGone(detail)
    if status in (429, 401, 403):  # too fast; or a token that somebody must set right, and then it works
        return DeskDown(detail)
    if status >= 500:
        return DeskDown(detail) if reads else DeskUnknown(detail, late=status == 504)
    return DeskRefused(detail)
