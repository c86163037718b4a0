"""The Graph API over HTTP (whatsapp.md sections 0, 4, 5 and 6)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from channels.whatsapp.errors import Verdict, verdict

META_HOSTS = frozenset({"graph.facebook.com", "lookaside.fbsbx.com"})


class GraphRefused(Exception):
    """The API said no. `code` 0 with an HTTP status stands for an answer without an error body."""

    def __init__(self, code: int, status: int, trace: str = "") -> None:
        super().__init__(f"code {code}, http {status}")
        self.code = code
        self.status = status
        self.trace = trace
        self.verdict = verdict(code, status) if code or status < 500 else Verdict.UNKNOWN


class GraphSilent(Exception):
    """No answer. `left`: the request may have reached the other side."""

    def __init__(self, why: str, *, left: bool) -> None:
        super().__init__(why)
        self.left = left


@dataclass(frozen=True)
class RemoteFile:
    """Where a citizen's file lies at Meta, for five minutes."""

    url: str
    mime: str
    size: int | None
    sha256: str | None


class GraphClient:
    """One phone number's endpoints. `http` belongs to the caller."""

    def __init__(self, http: httpx.AsyncClient, url: str, version: str, phone_number_id: str, token: str) -> None:
        self.http = http
        self.base = f"{url.rstrip('/')}/{version}"
        self.number = f"{self.base}/{phone_number_id}"
        self.phone_number_id = phone_number_id
        self.headers = {"Authorization": f"Bearer {token}"}
        self.own_origin = _origin(url)

    async def send(self, body: dict[str, Any]) -> str:
        """Send one message; its id. Accepted is not delivered.

        Raises:
            GraphRefused: it was not taken.
            GraphSilent: nobody knows.
        """
        answer = await self._call("POST", f"{self.number}/messages", json=_addressed(body))
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError) as error:
            raise GraphSilent("unreadable answer", left=True) from error

    async def mark_read(self, message_id: str, *, typing: bool = True) -> None:
        """Two blue ticks, and "typing…" for up to 25 seconds."""
        indicator = {"typing_indicator": {"type": "text"}} if typing else {}
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id, **indicator}
        await self._call("POST", f"{self.number}/messages", json=body)

    async def upload(self, content: bytes, mime: str, filename: str) -> str:
        """Give a file to WhatsApp, to be sent by id within 30 days."""
        answer = await self._call(
            "POST",
            f"{self.number}/media",
            data={"messaging_product": "whatsapp", "type": mime},
            files={"file": (filename, content, mime)},
        )
        return str(answer["id"])

    async def locate(self, media_id: str) -> RemoteFile:
        """Step one of a download."""
        params = {"phone_number_id": self.phone_number_id}
        answer = await self._call("GET", f"{self.base}/{media_id}", params=params)
        size = answer.get("file_size")
        return RemoteFile(
            url=str(answer.get("url") or ""),
            mime=str(answer.get("mime_type") or ""),
            size=int(size) if isinstance(size, int | str) and str(size).isdigit() else None,
            sha256=answer.get("sha256"),
        )

    async def download(self, file: RemoteFile, most: int) -> bytes:
        """Step two; the token goes to Meta's hosts only and redirects are not followed.

        Raises:
            ValueError: another host, too big, or the checksum differs.
        """
        if not self._is_ours(file.url):
            raise ValueError("host")
        content = bytearray()
        try:
            async with self.http.stream("GET", file.url, headers=self.headers, follow_redirects=False) as answer:
                if answer.status_code != 200:
                    raise GraphRefused(0, answer.status_code)
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > most:
                        raise ValueError("too_big")
        except httpx.HTTPError as error:
            raise GraphSilent(type(error).__name__, left=False) from error
        if file.sha256 and file.sha256 not in _digests(bytes(content)):
            raise ValueError("checksum")
        return bytes(content)

    def _is_ours(self, url: str) -> bool:
        parts = urlsplit(url)
        return _origin(url) == self.own_origin or (parts.scheme == "https" and parts.hostname in META_HOSTS)

    async def _call(self, method: str, url: str, **request: Any) -> dict[str, Any]:
        try:
            answer = await self.http.request(method, url, headers=self.headers, follow_redirects=False, **request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise GraphSilent(type(error).__name__, left=False) from error
        except httpx.HTTPError as error:
            raise GraphSilent(type(error).__name__, left=True) from error
        try:
            body = answer.json()
        except ValueError:
            body = None
        if answer.status_code == 200 and isinstance(body, dict) and "error" not in body:
            return body
        raise _refusal(body, answer.status_code)


def _refusal(body: Any, status: int) -> GraphRefused:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return GraphRefused(0 if status >= 500 else 1, status)
    return GraphRefused(error["code"], status, str(error.get("fbtrace_id") or ""))


def _addressed(body: dict[str, Any]) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **body}


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _digests(content: bytes) -> tuple[str, str]:
    """Webhooks give the checksum in base64, the API in hex."""
    digest = hashlib.sha256(content)
    return digest.hexdigest(), base64.b64encode(digest.digest()).decode()
