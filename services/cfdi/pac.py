"""The PAC that signs and stamps. SW sapien's REST "issue": it holds the utility's seal, so that María never does.

The shape of its requests and answers is the one satcfdi speaks (`satcfdi/pacs/swsapien.py`); httpx instead of
satcfdi's own blocking client. `customid` names a request: the same one again is answered with what was stamped
the first time (error 307).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import httpx
import structlog
from satcfdi.cfdi import CFDI

from services.cfdi.errors import PacRefused, PacUnavailable, PacUnknown

log = structlog.get_logger(__name__)
ISSUE = "/v4/cfdi33/issue/v4"
STAMPED_BEFORE = "307"
TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True)
class Stamped:
    """A document that is a CFDI now; `receiver` is the RFC it is made out to."""

    uuid: str
    receiver: str
    xml: bytes


class Pac(Protocol):
    """Signs and stamps."""

    async def issue(self, xml: bytes, custom_id: str) -> Stamped:
        """The stamped document; the same `custom_id` never makes two.

        Raises:
            PacUnavailable, PacUnknown, PacRefused.
        """


class SwSapien:
    """Implements `Pac`."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: str) -> None:
        self._http, self._url = http, url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}

    async def issue(self, xml: bytes, custom_id: str) -> Stamped:
        """See the port."""
        files = {"xml": ("xml", xml, "text/xml")}
        headers = {**self._headers, "customid": custom_id}
        try:
            answer = await self._http.post(self._url + ISSUE, files=files, headers=headers, timeout=TIMEOUT_SECONDS)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise PacUnavailable(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise PacUnknown(type(error).__name__) from error
        if answer.status_code >= 500:
            raise PacUnknown(str(answer.status_code))
        return _read(answer)


def _read(answer: httpx.Response) -> Stamped:
    try:
        body: dict[str, Any] = answer.json()
        data, message = body.get("data") or {}, str(body.get("message") or "")
    except (ValueError, AttributeError) as error:
        raise PacUnknown("not JSON") from error
    if data.get("cfdi") and (body.get("status") == "success" or message.startswith(STAMPED_BEFORE)):
        return _checked(str(data["cfdi"]).encode())
    code = message.split(" ", 1)[0].rstrip(".:-") or str(answer.status_code)
    log.warning("pac_refused", status=answer.status_code, code=code)
    raise PacRefused(code)


def _checked(xml: bytes) -> Stamped:
    """Only what carries a stamp is called a CFDI."""
    try:
        document = CFDI.from_string(xml)
        stamp = document["Complemento"]["TimbreFiscalDigital"]
        return Stamped(str(stamp["UUID"]), str(document["Receptor"]["Rfc"]), xml)
    except (KeyError, TypeError, ValueError) as error:
        raise PacUnknown("not stamped") from error
