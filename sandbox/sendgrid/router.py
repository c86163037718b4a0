"""`/sendgrid/v3/mail/send` and `/control/sendgrid/…`."""

from __future__ import annotations

import base64
import json
import os
import secrets
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from sandbox.sendgrid.checks import MailError, check
from sandbox.world import World

KEY = "SG.sandbox"  # opens nothing but this sandbox
Mail = dict[str, Any]


class Mailbox:
    """Every mail that was accepted."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sent: list[Mail] = []
        world.on_reset(self.sent.clear)

    async def take(self, request: Request) -> str | None:
        """Accept a mail and give its id; None in SendGrid's own sandbox mode.

        Raises:
            MailError: what SendGrid refuses.
        """
        if request.headers.get("authorization") != f"Bearer {os.environ.get('SENDGRID_API_KEY', KEY)}":
            raise MailError("The provided authorization grant is invalid, expired, or revoked", status=401)
        await self.world.faults.delay("sendgrid")
        if fault := self.world.faults.hit("sendgrid", "error"):
            raise MailError("Switched on in the sandbox.", status=fault.status)
        raw = await request.body()
        try:
            mail = json.loads(raw)
        except ValueError:
            raise MailError("Bad Request") from None
        now = self.world.clock.now()
        check(mail, len(raw), now)
        if mail.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return None
        kept = {"id": secrets.token_urlsafe(16), "at": now.isoformat(), **mail}
        self.sent.append(kept)
        self.world.feed.publish({"type": "email", "mail": without_files(kept)})
        return str(kept["id"])

    def find(self, mail_id: str) -> Mail:
        """A mail by its id."""
        for mail in self.sent:
            if mail["id"] == mail_id:
                return mail
        raise HTTPException(404)


def recipients(mail: Mail) -> list[str]:
    """All addresses it goes to, in lower case."""
    return [person["email"].lower() for group in mail["personalizations"] for person in group["to"]]


def without_files(mail: Mail) -> Mail:
    """The mail with the size of each attachment in place of its content."""
    files = [{**a, "content": None, "size": len(a["content"]) * 3 // 4} for a in mail.get("attachments", [])]
    return {**mail, "attachments": files}


def build(world: World) -> APIRouter:
    """The routes."""
    box = Mailbox(world)
    router = APIRouter()

    @router.post("/sendgrid/v3/mail/send")
    async def send(request: Request) -> Response:
        try:
            mail_id = await box.take(request)
        except MailError as error:
            return JSONResponse(error.body(), error.status)
        if mail_id is None:
            return Response(status_code=200)
        return Response(status_code=202, headers={"X-Message-Id": mail_id})

    @router.get("/control/sendgrid/sent")
    async def sent(to: str | None = None) -> list[Mail]:
        return [m for m in box.sent if to is None or to.lower() in recipients(m)]

    @router.get("/control/sendgrid/inbox")
    async def inbox() -> list[Mail]:
        return [without_files(m) for m in box.sent]

    @router.get("/control/sendgrid/attachments/{mail_id}/{number}")
    async def attachment(mail_id: str, number: int) -> Response:
        files = box.find(mail_id).get("attachments", [])
        if number >= len(files):
            raise HTTPException(404)
        file = files[number]
        headers = {"X-Content-Type-Options": "nosniff"}
        return Response(base64.b64decode(file["content"]), media_type=file.get("type"), headers=headers)

    return router
