"""SMS by Twilio's Messages resource (notify_vendors.md section 1). There is no idempotency key: one try."""

from __future__ import annotations

import httpx

from services.notifications.errors import DeliveryFailed


class Twilio:
    """Sends one SMS a call."""

    def __init__(self, http: httpx.AsyncClient, url: str, sid: str, token: str, sender: str) -> None:
        self._http, self._from = http, sender
        self._url = f"{url.rstrip('/')}/2010-04-01/Accounts/{sid}/Messages.json"
        self._auth = (sid, token)

    async def send(self, phone: str, text: str) -> str:
        """To ten Mexican digits; E.164 since 2019 has no 1 after 52.

        Returns:
            Twilio's message sid.

        Raises:
            DeliveryFailed: refused, or no answer.
        """
        form = {"To": f"+52{phone}", "From": self._from, "Body": text}
        try:
            answer = await self._http.post(self._url, data=form, auth=self._auth)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise DeliveryFailed("twilio") from error
        return str(answer.json()["sid"])
