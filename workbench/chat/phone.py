"""The citizen's side: writes through the sandbox's phone, waits until the turn is over, reads what arrived."""

from __future__ import annotations

import base64
import mimetypes
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PATIENCE = 90.0  # seconds; the billing system may take several calls of 5 s
POLL = 0.05
OPEN_INBOX = "SELECT count(*) FROM inbox WHERE contact_id = ? AND status = 'pending'"
OPEN_OUTBOX = "SELECT count(*) FROM outbox WHERE contact_id = ? AND status IN ('pending', 'sending')"


class NoAnswer(Exception):
    """The turn was not over in time; the logs say why."""


@dataclass
class Phone:
    """One person's phone. `sandbox` and `rasa` are clients of the running parts, `database` María's SQLite file."""

    sandbox: httpx.Client
    rasa: httpx.Client
    database: Path
    files: Path
    person: dict[str, Any]
    _contacts: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The number, or the BSUID of somebody without a visible number."""
        return str(self.person.get("wa_id") or self.person["bsuid"])

    def persons(self) -> list[dict[str, Any]]:
        """Whom one can be."""
        return list(self._get("/control/data/persons"))

    def sent(self) -> list[dict[str, Any]]:
        """All that María sent to this person: Graph API bodies, in order."""
        return list(self._get("/control/whatsapp/sent", to=self.address))

    def act(self, **action: Any) -> list[dict[str, Any]]:
        """Do something (`text=`, `button=`, `location=`, `image=` …) and wait for all that comes back.

        Raises:
            NoAnswer: it took longer than `PATIENCE`.
            httpx.HTTPStatusError: the sandbox refuses the action.
        """
        before = len(self.sent())
        answer = self.sandbox.post("/control/whatsapp/inbound", json={"from": self.address, **action})
        answer.raise_for_status()
        self._wait(str(answer.json()["id"]))
        return self.sent()[before:]

    def photo(self, path: Path) -> list[dict[str, Any]]:
        """Send a picture or a PDF from the disk."""
        mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        content = base64.b64encode(path.read_bytes()).decode()
        if mime.startswith("image/"):
            return self.act(image={"content": content, "mime_type": mime})
        return self.act(document={"content": content, "mime_type": mime, "filename": path.name})

    def understood(self) -> dict[str, Any]:
        """What María made of the last message (`bot/channel/understood.py`); empty before the first."""
        contact = self._contacts.get(self.address)
        if contact is None:
            return {}
        answer = self.rasa.post("/webhooks/internal/understood", json={"contact": contact})
        answer.raise_for_status()
        return dict(answer.json())

    def save(self, medium: dict[str, Any], number: int) -> Path:
        """Keep a file María sent under `files`, with its own name or a number."""
        answer = self.sandbox.get(f"/control/whatsapp/media/{medium['id']}")
        answer.raise_for_status()
        mime = answer.headers["content-type"].split(";")[0]
        own = Path(str(medium.get("filename") or "")).name
        self.files.mkdir(parents=True, exist_ok=True)
        path = self.files / f"{number:03d}-{own or 'imagen' + (mimetypes.guess_extension(mime) or '')}"
        path.write_bytes(answer.content)
        return path

    def last_code(self) -> str | None:
        """The newest SMS or e-mail that went to anybody, as text."""
        texts = [str(sms["body"]) for sms in self._get("/control/twilio/sent")]
        mails = [str(mail["content"][0]["value"]) for mail in self._get("/control/sendgrid/sent")]
        newest = texts[-1:] or mails[-1:]
        return newest[0] if newest else None

    def _get(self, path: str, **params: str) -> Any:
        answer = self.sandbox.get(path, params=params)
        answer.raise_for_status()
        return answer.json()

    def _wait(self, message: str) -> None:
        """Until the message is handled and nothing waits to be answered or sent."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=5)) as connection:
                row = connection.execute(
                    "SELECT contact_id, status FROM inbox WHERE provider_id = ?", (message,)
                ).fetchone()
                if row and row[1] != "pending":
                    self._contacts[self.address] = row[0]
                    if not any(connection.execute(query, row[:1]).fetchone()[0] for query in (OPEN_INBOX, OPEN_OUTBOX)):
                        return
            time.sleep(POLL)
        raise NoAnswer(f"María no contestó en {PATIENCE:.0f} s")
