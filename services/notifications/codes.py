"""Codes by SMS or e-mail, in the words of `data/texts.yml`."""

from __future__ import annotations

from services.knowledge.texts import Texts
from services.notifications.sendgrid import SendGrid
from services.notifications.twilio import Twilio


class VendorCodeSender:
    """Implements `services.notifications.port.CodeSender`."""

    def __init__(self, twilio: Twilio, sendgrid: SendGrid, texts: Texts) -> None:
        self._twilio, self._sendgrid, self._texts = twilio, sendgrid, texts

    async def send_code(self, channel: str, address: str, code: str) -> None:
        """See the port."""
        if channel == "sms":
            await self._twilio.send(address, self._texts.get("code_sms", code=code))
        else:
            subject = self._texts.get("code_email_subject")
            await self._sendgrid.send(address, subject, self._texts.get("code_email", code=code))


class FakeCodeSender:
    """Keeps the codes, for tests."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    async def send_code(self, channel: str, address: str, code: str) -> None:
        """See the port."""
        self.sent.append((channel, address, code))
