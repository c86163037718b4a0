"""An SMS and the reasons Twilio has for not taking it (reference/notify_vendors.md, section 1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SID, TOKEN, NUMBER = (
    "ACsandbox",
    "sandbox-twilio-token",
    "+524425550100",
)  # they open nothing but this sandbox
LONGEST = 1600
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
DOCS = "https://www.twilio.com/docs/errors/"


class TwilioError(Exception):
    """A refusal with Twilio's own code."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status

    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        base = {"code": self.code, "message": self.message}
        return {**base, "more_info": f"{DOCS}{self.code}", "status": self.status}


@dataclass
class Sms:
    """One message."""

    to: str
    sender: str
    body: str
    at: datetime
    callback: str | None = None
    status: str = "queued"
    error_code: int | None = None
    sid: str = field(default_factory=lambda: "SM" + secrets.token_hex(16))

    def wire(self) -> dict[str, Any]:
        """The Messages resource."""
        base = {
            "sid": self.sid,
            "account_sid": SID,
            "status": self.status,
            "to": self.to,
            "from": self.sender,
        }
        more = {"num_segments": str(segments(self.body)), "price": None, "error_code": self.error_code}
        address = f"/2010-04-01/Accounts/{SID}/Messages/{self.sid}.json"
        dates = {"date_created": self.at.strftime("%a, %d %b %Y %H:%M:%S +0000"), "uri": address}
        return {
            **base,
            "body": self.body,
            **more,
            "error_message": None,
            "messaging_service_sid": None,
            **dates,
        }


def segments(text: str) -> int:
    """How many SMS a text takes: 160 or 153 each in GSM-7, 70 or 67 with any other letter (á, í, ó, ú)."""
    plain = all(letter in GSM for letter in text)
    length = len(text) if plain else len(text.encode("utf-16-le")) // 2
    one, many = (160, 153) if plain else (70, 67)
    return 1 if length <= one else -(-length // many)


def digits(number: str) -> str:
    """The last ten digits."""
    return re.sub(r"\D", "", number)[-10:]


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """The value of `X-Twilio-Signature`: HMAC-SHA1 over the address and the sorted fields."""
    signed = url + "".join(key + form[key] for key in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def check(form: Mapping[str, Any], opted_out: set[str], at: datetime) -> Sms:
    """The message in a request's form.

    Raises:
        TwilioError: 21604, 21211, 21614, 21603, 21606, 21602, 21617 or 21610.
    """
    to, sender, body = (str(form.get(key) or "") for key in ("To", "From", "Body"))
    if not to:
        raise TwilioError(21604, "A 'To' phone number is required.")
    if not re.fullmatch(r"\+[1-9]\d{9,14}", to) or (to.startswith("+52") and len(to) not in (13, 14)):
        raise TwilioError(21211, f"The 'To' number {to} is not a valid phone number.")
    if digits(to).startswith("800"):
        raise TwilioError(21614, f"'To' number {to} is not a mobile number.")
    if not sender and not form.get("MessagingServiceSid"):
        raise TwilioError(21603, "A 'From' phone number is required.")
    if sender and sender != NUMBER:
        raise TwilioError(21606, f"The From phone number {sender} is not a valid, SMS-capable number of your account.")
    if not body and not form.get("MediaUrl"):
        raise TwilioError(21602, "Message body is required.")
    if len(body) > LONGEST:
        raise TwilioError(21617, "The concatenated message body exceeds the 1600 character limit.")
    if digits(to) in opted_out:
        raise TwilioError(21610, "Attempt to send to unsubscribed recipient.")
    return Sms(to, sender or NUMBER, body, at, str(form.get("StatusCallback") or "") or None)
