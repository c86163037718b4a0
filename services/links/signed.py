"""Links that name one id and a moment: signed, expiring, each kind good for one purpose only."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from services.clock import Clock
from services.errors import NotAllowed
from services.settings import Settings

PAYLOAD = re.compile(r"([0-9a-f]{32})-([0-9a-f]{8})")
LONGEST = 200


class LinkInvalid(NotAllowed):
    """Not signed by us, or for something else. An expired link is not invalid."""


@dataclass(frozen=True)
class Link:
    """What a link says."""

    subject: str
    expires_at: datetime


class SignedLinks:
    """Makes and reads the links of one purpose; `purpose` is part of the key."""

    def __init__(self, purpose: str, base_url: str, secrets: list[str], clock: Clock) -> None:
        self.base, self._clock = base_url.rstrip("/"), clock
        newest_last = secrets[::-1]  # itsdangerous signs with the last one and accepts all
        self._signer = Signer(newest_last, salt=purpose, key_derivation="hmac", digest_method=hashlib.sha256)

    def token(self, subject: str, expires_at: datetime) -> str:
        """The signed part. `subject`: 32 hex digits; `expires_at` counts in whole seconds."""
        return self._signer.sign(f"{subject}-{int(expires_at.timestamp()):08x}").decode()

    def read(self, token: str) -> Link:
        """What the link names.

        Raises:
            LinkInvalid: changed, made up, or made for another purpose.
        """
        if len(token) > LONGEST or not token.isascii():
            raise LinkInvalid
        try:
            payload = self._signer.unsign(token).decode()
            signature = token.rpartition(".")[2]
            written_once = base64_encode(base64_decode(signature)).decode() == signature
        except BadSignature as error:
            raise LinkInvalid from error
        found = PAYLOAD.fullmatch(payload)
        if found is None or not written_once:
            raise LinkInvalid
        return Link(found[1], datetime.fromtimestamp(int(found[2], 16), UTC))

    def live(self, token: str) -> Link | None:
        """What the link names, if it is ours and its time is not over."""
        try:
            link = self.read(token)
        except LinkInvalid:
            return None
        return None if self.is_over(link) else link

    def is_over(self, link: Link) -> bool:
        """Whether its time is over."""
        return link.expires_at <= self._clock.now()


def link_secrets(settings: Settings) -> list[str]:
    """The installation's, newest first."""
    secrets = [part.strip() for part in settings.link_secret.get_secret_value().split(",")]
    return [secret for secret in secrets if secret]
