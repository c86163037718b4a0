"""Proof that a webhook comes from Meta (whatsapp.md section 1.2). Pure."""

from __future__ import annotations

import hashlib
import hmac


def is_genuine(raw: bytes, header: str | None, app_secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is the HMAC of these very bytes; compared in constant time."""
    if not header or not app_secret:
        return False
    expected = "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), header.encode())


def is_subscriber(mode: str | None, token: str | None, verify_token: str) -> bool:
    """Whether Meta's GET verification knows our token (section 1.1)."""
    given, wanted = (token or "").encode(), verify_token.encode()
    return mode == "subscribe" and bool(wanted) and hmac.compare_digest(given, wanted)
