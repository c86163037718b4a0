"""Who may tell us about payments: the RSA signature in the `DIGEST` header (payments.md 10)."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from services.clock import Clock
from services.payments.errors import WebhookRejected
from services.payments.gateway import Gateway

PEM = re.compile(r"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)
ASK_AGAIN_AFTER = timedelta(seconds=30)


class KeyRing:
    """The keys a webhook may be signed with: those configured, or else those the gateway hands out.

    The gateway is asked again when nothing fits, at most every half minute, so that a changed key is found
    and a flood of forged webhooks asks nothing.
    """

    def __init__(self, gateway: Gateway, clock: Clock, configured: str | None = None) -> None:
        self._gateway, self._clock = gateway, clock
        self._fixed = bool(configured)
        self._keys = _read(configured or "")
        self._asked_at: datetime | None = None

    async def check(self, raw: bytes, digest: str | None) -> None:
        """Fails closed.

        Raises:
            WebhookRejected: no signature, or none of the keys made it.
            PaymentsUnavailable: there are no keys yet and the gateway does not answer.
        """
        signature = _decoded(digest)
        if self._fits(raw, signature):
            return
        if not self._fixed and self._may_ask():
            self._asked_at = self._clock.now()
            self._keys = _read("\n".join(await self._gateway.webhook_keys()))
            if self._fits(raw, signature):
                return
        raise WebhookRejected("signature")

    def _may_ask(self) -> bool:
        return self._asked_at is None or self._clock.now() - self._asked_at >= ASK_AGAIN_AFTER

    def _fits(self, raw: bytes, signature: bytes) -> bool:
        return any(_verifies(key, raw, signature) for key in self._keys)


def _read(text: str) -> list[rsa.RSAPublicKey]:
    """Every PEM block in it; line breaks may be written as backslash and n."""
    blocks = PEM.findall(text.replace("\\n", "\n"))
    keys = [serialization.load_pem_public_key(block.encode()) for block in blocks]
    return [key for key in keys if isinstance(key, rsa.RSAPublicKey)]


def _decoded(digest: str | None) -> bytes:
    try:
        return base64.b64decode(digest or "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise WebhookRejected("signature") from error


def _verifies(key: rsa.RSAPublicKey, raw: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, raw, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
