"""What every private page carries, and the proof that a form was ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fastapi import Request, Response
from itsdangerous import Signer

from services.settings import Settings

YEAR = 31_536_000
COOKIE_SECONDS = 86_400


class Headers:
    """A strict policy: nothing but our own files, forms only to us and on to Conekta's page, no frames, no cache."""

    def __init__(self, settings: Settings) -> None:
        self.https = settings.edge_url.startswith("https://")
        policy = (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
            f"form-action 'self' {settings.conekta_checkout_origins}; base-uri 'none'; frame-ancestors 'none'"
        )
        where = f"'self' {settings.conekta_component_origins}"
        self._component = (
            f"default-src 'none'; style-src {where}; script-src {where}; img-src {where}; connect-src {where}; "
            f"frame-src {settings.conekta_component_origins}; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        self._fixed = {
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "X-Robots-Tag": "noindex, nofollow",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
            "Cache-Control": "no-store",
        }
        if self.https:
            self._fixed["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"

    def put_on(self, response: Response) -> None:
        """Add them all."""
        response.headers.update(self._fixed)

    def allow_component(self, response: Response) -> None:
        """On the one page where a card is typed in a frame of Conekta's: its script and frame, nobody else's."""
        response.headers["Content-Security-Policy"] = self._component


class Csrf:
    """A random cookie, and in each form its signature together with what the form is about."""

    def __init__(self, settings: Settings) -> None:
        newest = settings.link_secret.get_secret_value().split(",")[0].strip()
        self._signer = Signer(newest, salt="maria.portal.csrf", key_derivation="hmac", digest_method=hashlib.sha256)
        self._secure = settings.edge_url.startswith("https://")
        self.cookie = "__Host-maria" if self._secure else "maria"

    def value(self, request: Request) -> str:
        """The visitor's cookie, or a new one."""
        return request.cookies.get(self.cookie) or secrets.token_urlsafe(18)

    def field(self, value: str, subject: str) -> str:
        """What the form sends back."""
        return self._signer.get_signature(f"{value}:{subject}").decode()

    def keep(self, response: Response, value: str) -> None:
        """Give the visitor the cookie."""
        response.set_cookie(
            self.cookie, value, max_age=COOKIE_SECONDS, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def holds(self, request: Request, given: str, subject: str) -> bool:
        """Whether the form came from a page of ours that this visitor had open."""
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return False
        value = request.cookies.get(self.cookie)
        return value is not None and hmac.compare_digest(self.field(value, subject).encode(), given.encode())
