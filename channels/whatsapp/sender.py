"""Sends the outbox to WhatsApp: in order per contact, at the allowed rate, never twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from channels.whatsapp import errors
from channels.whatsapp.client import GraphClient, GraphRefused, GraphSilent
from channels.whatsapp.errors import Verdict
from channels.whatsapp.pace import Pace
from channels.whatsapp.parser import CHANNEL
from channels.whatsapp.renderer import File, Rendered, media_of, render
from services.clock import Clock
from services.contacts.service import Contact, Contacts
from services.errors import NotFound
from services.messaging.deliveries import MOST_ATTEMPTS, callback_of
from services.messaging.media import MediaStore
from services.messaging.outbound import Template
from services.messaging.outbox import Letter
from services.messaging.settle import Settler
from services.metrics import RENDER_CUTS, SEND_ERRORS, SENT

log = structlog.get_logger(__name__)

WINDOW = timedelta(hours=24)
MOST_THROTTLED = 20  # being too fast is nobody's fault; it ends all the same


@dataclass
class Sender:
    """Sends one letter at a time; the loop around it is `services.messaging.sending`."""

    client: GraphClient
    settler: Settler
    contacts: Contacts
    media: MediaStore
    pace: Pace
    clock: Clock

    async def send(self, letter: Letter) -> None:
        """Send what is left of a letter and write down what became of it. Raises nothing of the provider's."""
        try:
            contact = await self.contacts.get(letter.contact)
            if not self._may_write(letter, contact):
                await self._over(letter, "expired", "window")
                return
            rendered = render(letter.message, await self._files(letter))
        except NotFound as error:
            await self._over(letter, "failed", str(error))
            return
        except (GraphRefused, GraphSilent) as error:
            await self._not_sent(letter, error, uploading=True)
            return
        self._log_cuts(letter, rendered)
        await self._send_bodies(letter, contact, rendered.bodies)

    def _may_write(self, letter: Letter, contact: Contact) -> bool:
        """Free text only within 24 hours of the citizen's last message (section 7)."""
        last = contact.last_inbound_at
        return isinstance(letter.message, Template) or (last is not None and self.clock.now() - last < WINDOW)

    async def _send_bodies(self, letter: Letter, contact: Contact, bodies: list[dict[str, Any]]) -> None:
        address = _address(contact)
        if not bodies or address is None:
            await self._over(letter, "failed", "no_address" if bodies else "empty")
            return
        if letter.part >= len(bodies):
            await self.settler.already_sent(letter)
            return
        for part in range(letter.part, len(bodies)):
            wait = await self.pace.pair_wait(letter.contact)
            if wait:
                await self.settler.later(letter, timedelta(seconds=wait))
                return
            await self.pace.my_turn()
            body = {**address, **bodies[part], "biz_opaque_callback_data": callback_of(letter.id, part)}
            try:
                provider_id = await self.client.send(body)
            except (GraphRefused, GraphSilent) as error:
                await self._not_sent(letter, error)
                return
            last, file = part == len(bodies) - 1, bodies[part]["type"] in ("image", "document", "audio", "video")
            await self.settler.accepted(letter, part, provider_id, last=last, file=file)
        SENT.labels(CHANNEL, "accepted").inc()

    async def _files(self, letter: Letter) -> dict[str, File]:
        """The message's files, uploaded once."""
        files = {}
        for media_id in media_of(letter.message):
            name = await self.media.filename(media_id)
            if name is None:
                raise NotFound("media")
            remote = await self.media.upload_of(media_id, CHANNEL)
            if remote is None:
                medium = await self.media.get(media_id)
                remote = await self.client.upload(medium.content, medium.mime, medium.filename)
                await self.media.remember_upload(media_id, CHANNEL, remote)
            files[media_id] = File(remote, name)
        return files

    async def _not_sent(self, letter: Letter, error: GraphRefused | GraphSilent, *, uploading: bool = False) -> None:
        if isinstance(error, GraphSilent):
            verdict, code = (Verdict.UNKNOWN if error.left and not uploading else Verdict.RETRY), 0
        else:
            verdict, code = error.verdict, error.code
        why = str(code) if isinstance(error, GraphRefused) else str(error)
        SEND_ERRORS.labels(CHANNEL, why).inc()
        note = log.error if verdict is Verdict.ALARM else log.warning
        trace = error.trace if isinstance(error, GraphRefused) else ""
        note(
            "not_sent",
            outbox=letter.id,
            verdict=verdict.value,
            why=why,
            attempts=letter.attempts,
            trace=trace,
        )
        if verdict is Verdict.REUPLOAD:
            for media_id in media_of(letter.message):
                await self.media.forget_upload(media_id, CHANNEL)
        await self._requeue(letter, verdict, code, why, uploading=uploading)

    async def _requeue(self, letter: Letter, verdict: Verdict, code: int, why: str, *, uploading: bool) -> None:
        most = MOST_THROTTLED if verdict is Verdict.THROTTLE else MOST_ATTEMPTS
        if verdict is Verdict.REUPLOAD:
            most = 2  # once more with a fresh upload (section 6)
        if verdict is Verdict.WINDOW:
            await self._over(letter, "expired", why)
        elif verdict in (Verdict.FINAL, Verdict.ALARM) or letter.attempts + 1 >= most:
            await self._over(letter, "failed", why)
        elif verdict is Verdict.UNKNOWN and not uploading:
            await self.settler.unknown(letter, why)
        else:
            await self.settler.later(letter, errors.wait(code, letter.attempts), why)

    async def _over(self, letter: Letter, status: Any, why: str) -> None:
        SENT.labels(CHANNEL, status).inc()
        log.warning("not_sendable", outbox=letter.id, contact=letter.contact, status=status, why=why)
        await self.settler.over(letter, status, why)

    @staticmethod
    def _log_cuts(letter: Letter, rendered: Rendered) -> None:
        for what in rendered.cuts:
            RENDER_CUTS.labels(what).inc()
            log.warning("render_cut", outbox=letter.id, what=what)


def _address(contact: Contact) -> dict[str, str] | None:
    """Answer to the number as it wrote (section 4, Mexico), else to the BSUID (section 9)."""
    if contact.phone:
        return {"to": "+" + contact.phone.removeprefix("+")}
    return {"recipient": contact.bsuid} if contact.bsuid else None
