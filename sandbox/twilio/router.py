"""`/twilio/2010-04-01/…` and `/control/twilio/…`."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from sandbox.twilio.messages import SID, TOKEN, Sms, TwilioError, check, digits, sign
from sandbox.world import World

Post = Callable[[str, dict[str, str], dict[str, str]], Awaitable[None]]


class OptOut(BaseModel):
    """Somebody answered STOP."""

    to: str


async def _post(url: str, form: dict[str, str], headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(timeout=10) as client:
        await client.post(url, data=form, headers=headers)


@dataclass
class Twilio:
    """The account. `post` sends status callbacks; `step` is seconds between two statuses."""

    world: World
    post: Post = _post
    step: float = 0.3
    sent: list[Sms] = field(default_factory=list)
    opted_out: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def clear(self) -> None:
        """Forget everything."""
        self.sent.clear()
        self.opted_out.clear()
        for task in self._tasks:
            task.cancel()

    def take(self, sms: Sms) -> None:
        """Accept a message and report what becomes of it."""
        self.sent.append(sms)
        self.world.feed.publish({"type": "sms", "sms": self.view(sms)})
        task = asyncio.get_running_loop().create_task(self._follow(sms))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def view(self, sms: Sms) -> dict[str, Any]:
        """For the control routes and the page."""
        return {**sms.wire(), "at": sms.at.isoformat()}

    async def _follow(self, sms: Sms) -> None:
        unreachable = digits(sms.to).startswith("0")
        for status in ("sent", "undelivered" if unreachable else "delivered"):
            await asyncio.sleep(self.step)
            sms.status = status
            sms.error_code = 30003 if status == "undelivered" else None
            if sms.callback:
                await self._report(sms)

    async def _report(self, sms: Sms) -> None:
        form = {"MessageSid": sms.sid, "MessageStatus": sms.status, "To": sms.to, "From": sms.sender}
        form |= {"AccountSid": SID, "ApiVersion": "2010-04-01", "SmsSid": sms.sid, "SmsStatus": sms.status}
        if sms.error_code:
            form["ErrorCode"] = str(sms.error_code)
        url = sms.callback or ""
        try:
            await self.post(url, form, {"X-Twilio-Signature": sign(_token(), url, form)})
        except httpx.HTTPError:
            return


def _token() -> str:
    return os.environ.get("TWILIO_AUTH_TOKEN", TOKEN)


def build(world: World, post: Post = _post) -> APIRouter:
    """The routes."""
    twilio = Twilio(world, post)
    world.on_reset(twilio.clear)
    router = APIRouter()
    _messages(router, twilio)

    @router.get("/control/twilio/sent")
    async def sent(to: str | None = None) -> list[dict[str, Any]]:
        return [twilio.view(s) for s in twilio.sent if to is None or digits(s.to) == digits(to)]

    @router.post("/control/twilio/optout")
    async def opt_out(body: OptOut) -> dict[str, bool]:
        twilio.opted_out.add(digits(body.to))
        return {"opted_out": True}

    return router


def _messages(router: APIRouter, twilio: Twilio) -> None:
    def authorise(sid: str, request: Request) -> None:
        expected = "Basic " + base64.b64encode(f"{SID}:{_token()}".encode()).decode()
        if sid != SID or request.headers.get("authorization") != expected:
            raise TwilioError(20003, "Authenticate", 401)

    async def send(sid: str, request: Request) -> dict[str, Any]:
        authorise(sid, request)
        await twilio.world.faults.delay("twilio")
        if fault := twilio.world.faults.hit("twilio", "error"):
            raise TwilioError(fault.code or 20429, "Switched on in the sandbox.", fault.status)
        sms = check(await request.form(), twilio.opted_out, twilio.world.clock.now())
        answer = sms.wire()
        twilio.take(sms)
        return answer

    @router.post("/twilio/2010-04-01/Accounts/{sid}/Messages.json")
    async def create(sid: str, request: Request) -> JSONResponse:
        try:
            return JSONResponse(await send(sid, request), 201)
        except TwilioError as error:
            return JSONResponse(error.body(), error.status)

    @router.get("/twilio/2010-04-01/Accounts/{sid}/Messages.json")
    async def listed(sid: str, request: Request, To: str | None = None) -> JSONResponse:
        try:
            authorise(sid, request)
        except TwilioError as error:
            return JSONResponse(error.body(), error.status)
        found = [s.wire() for s in reversed(twilio.sent) if To in (None, s.to)]
        return JSONResponse({"messages": found, "page": 0, "page_size": 50})
