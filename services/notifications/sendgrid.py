"""E-mail by SendGrid v3 (notify_vendors.md section 2)."""

from __future__ import annotations

import base64

import httpx

from services.notifications.errors import DeliveryFailed


class SendGrid:
    """Sends one mail a call."""

    def __init__(self, http: httpx.AsyncClient, url: str, key: str, sender: str) -> None:
        self._http, self._from = http, sender
        self._url = f"{url.rstrip('/')}/v3/mail/send"
        self._headers = {"Authorization": f"Bearer {key}"}

    async def send(
        self, address: str, subject: str, text: str, attachment: tuple[str, str, bytes] | None = None
    ) -> str:
        """A plain mail with at most one attachment `(filename, mime, bytes)`.

        Returns:
            SendGrid's message id.

        Raises:
            DeliveryFailed: refused, or no answer.
        """
        body: dict[str, object] = {
            "personalizations": [{"to": [{"email": address}]}],
            "from": {"email": self._from, "name": "CEA Querétaro"},
            "subject": subject,
            "content": [{"type": "text/plain", "value": text}],
        }
        if attachment:
            name, mime, content = attachment
            encoded = base64.b64encode(content).decode()
            body["attachments"] = [{"content": encoded, "type": mime, "filename": name, "disposition": "attachment"}]
        try:
            answer = await self._http.post(self._url, json=body, headers=self._headers)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise DeliveryFailed("sendgrid") from error
        return str(answer.headers.get("X-Message-Id", ""))
