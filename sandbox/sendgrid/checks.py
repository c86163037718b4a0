"""What SendGrid refuses in `POST /v3/mail/send` (reference/notify_vendors.md, section 2)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")
MOST_BYTES = 30 * 1024 * 1024
LONGEST_AHEAD = 72 * 3600


@dataclass
class MailError(Exception):
    """A refusal: what is wrong, and in which field."""

    message: str
    field: str | None = None
    status: int = 400

    def body(self) -> dict[str, Any]:
        """The JSON answer."""
        return {"errors": [{"message": self.message, "field": self.field, "help": None}]}


def check(mail: Any, size: int, now: datetime) -> None:
    """Refuse what SendGrid would; `size` is the request's bytes.

    Raises:
        MailError: 400 with the field, or 413 for more than 30 MB.
    """
    if size > MOST_BYTES:
        raise MailError("Maximum request size exceeded", status=413)
    if not isinstance(mail, dict):
        raise MailError("Bad Request")
    _check_people(mail)
    if not mail.get("template_id"):
        _check_content(mail)
    if len(mail.get("categories", [])) > 10:
        raise MailError("There must be 10 or fewer categories.", "categories")
    if int(mail.get("send_at", 0)) > now.timestamp() + LONGEST_AHEAD:
        raise MailError("The send_at must be within the next 72 hours.", "send_at")
    for number, attachment in enumerate(mail.get("attachments", [])):
        _check_attachment(attachment, f"attachments.{number}")


def _address(value: Any, field: str) -> None:
    email = value.get("email") if isinstance(value, dict) else None
    if not isinstance(email, str) or not ADDRESS.match(email):
        raise MailError("Does not contain a valid address.", field)


def _check_people(mail: dict[str, Any]) -> None:
    groups = mail.get("personalizations")
    if not isinstance(groups, list) or not 1 <= len(groups) <= 1000:
        raise MailError("The personalizations field is required and must have 1 to 1000 items.", "personalizations")
    for number, group in enumerate(groups):
        field = f"personalizations.{number}.to"
        if not isinstance(group, dict) or not group.get("to"):
            raise MailError("The to array is required for all personalization objects.", field)
        for at, person in enumerate(group["to"]):
            _address(person, f"{field}.{at}.email")
    if "from" not in mail:
        raise MailError("The from object must be provided for every email send.", "from")
    _address(mail["from"], "from.email")


def _check_content(mail: dict[str, Any]) -> None:
    if not mail.get("subject") and not all(g.get("subject") for g in mail["personalizations"]):
        raise MailError("The subject is required.", "subject")
    content = mail.get("content")
    if not isinstance(content, list) or not content:
        raise MailError("The content is required unless there is a template_id.", "content")
    for number, part in enumerate(content):
        if not part.get("value"):
            raise MailError(
                "The content value must be a string at least one character in length.",
                f"content.{number}.value",
            )
    kinds = [part.get("type") for part in content]
    if "text/plain" in kinds[1:]:
        raise MailError("If present, text/plain must be the first content.", "content")


def _check_attachment(attachment: Any, field: str) -> None:
    if not attachment.get("filename"):
        raise MailError("The attachment filename is required.", f"{field}.filename")
    try:
        decoded = base64.b64decode(str(attachment.get("content", "")), validate=True)
    except ValueError:
        decoded = b""
    if not decoded:
        raise MailError("The attachment content must be base64 encoded.", f"{field}.content")
