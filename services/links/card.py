"""The link to pay one stored payment by card: signed, expiring, good for nothing else.

It names a row and a moment. Amount, contract and person are read from the row, so there is nothing in the link
to change; and nothing in it says who asked for it, so that passing it on does no harm.
"""

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

PURPOSE = "maria.portal.card"  # part of the key: a link for anything else does not open this
PAYLOAD = re.compile(r"([0-9a-f]{32})-([0-9a-f]{8})")
LONGEST = 200


class LinkInvalid(NotAllowed):
    """Not signed by us, or for something else. An expired link is not invalid."""


@dataclass(frozen=True)
class CardLink:
    """What a link says."""

    payment_id: str
    expires_at: datetime


class CardLinks:
    """Makes and reads them."""

    def __init__(self, base_url: str, secrets: list[str], clock: Clock) -> None:
        self._base, self._clock = base_url.rstrip("/"), clock
        newest_last = secrets[::-1]  # itsdangerous signs with the last one and accepts all
        self._signer = Signer(newest_last, salt=PURPOSE, key_derivation="hmac", digest_method=hashlib.sha256)

    def card(self, payment_id: str, expires_at: datetime) -> str:
        """Where the citizen pays."""
        return f"{self._base}/pagar/{self.token(payment_id, expires_at)}"

    def card_result(self, payment_id: str, expires_at: datetime) -> str:
        """Where the gateway's page leads back to."""
        return f"{self.card(payment_id, expires_at)}/resultado"

    def token(self, payment_id: str, expires_at: datetime) -> str:
        """The signed part. `payment_id`: 32 hex digits; `expires_at` counts in whole seconds."""
        return self._signer.sign(f"{payment_id}-{int(expires_at.timestamp()):08x}").decode()

    def read(self, token: str) -> CardLink:
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
        return CardLink(found[1], datetime.fromtimestamp(int(found[2], 16), UTC))

    def is_over(self, link: CardLink) -> bool:
        """Whether it may still be paid with."""
        return link.expires_at <= self._clock.now()


def build_links(settings: Settings, clock: Clock) -> CardLinks:
    """With the installation's address and secrets."""
    secrets = [part.strip() for part in settings.link_secret.get_secret_value().split(",")]
    return CardLinks(settings.edge_url, [s for s in secrets if s], clock)
