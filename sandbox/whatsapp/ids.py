"""The sandbox's WhatsApp identifiers (DESIGN.md, section 8) and how people's numbers are compared."""

from __future__ import annotations

import base64
import re
import secrets

PHONE_NUMBER_ID = "106540000000001"
WABA_ID = "102290000000001"
DISPLAY_PHONE = "525550001000"
APP_SECRET = "sandbox-app-secret"  # noqa: S105  the sandbox's own, known to everybody
TOKEN = "sandbox-graph-token"  # noqa: S105
BSUID = re.compile(r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")


def new_wamid() -> str:
    """A message id that looks like Meta's."""
    return "wamid." + base64.b64encode(secrets.token_bytes(30)).decode()


def is_bsuid(value: str) -> bool:
    """Whether this is a business-scoped user id (section 9 of the reference)."""
    return BSUID.match(value) is not None


def contact_key(value: str) -> str:
    """What two spellings of one person share: the last ten digits, or the BSUID untouched."""
    if is_bsuid(value):
        return value
    return re.sub(r"\D", "", value)[-10:]
