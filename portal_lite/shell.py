"""Puts pages together: templates, texts, headers, the visitor's letter size and the way back to the chat."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal_lite.assets import Assets
from portal_lite.security import Csrf, Headers
from services.knowledge.texts import Texts
from services.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"
LETTERS = "letra"
LARGE, NORMAL = "grande", "normal"
YEAR = 31_536_000


class Shell:
    """What all pages of the portal share."""

    def __init__(self, settings: Settings, texts: Texts) -> None:
        self.texts, self.assets = texts, Assets()
        self.headers, self.csrf = Headers(settings), Csrf(settings)
        self._chat_url = settings.whatsapp_chat_url
        self._pages = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.globals.update(t=texts.get, asset=self.assets.url, chat=self.chat)

    def chat(self, says: str | None = None) -> str:
        """The link back to WhatsApp; with `says`, a message that only needs to be sent."""
        return f"{self._chat_url}?text={quote(self.texts.get(says))}" if says else self._chat_url

    def page(self, request: Request, template: str, status: int = 200, **facts: Any) -> Response:
        """An HTML page with all its headers."""
        large = request.cookies.get(LETTERS) == LARGE
        other = f"{request.url.path}?{LETTERS}={NORMAL if large else LARGE}"
        html = self._pages.get_template(template).render(large=large, other_letters=other, **facts)
        response = HTMLResponse(html, status)
        self.headers.put_on(response)
        return response

    def notice(self, request: Request, name: str, status: int, **facts: Any) -> Response:
        """A page that only says something: `{name}_title` and `{name}_text` of the texts."""
        return self.page(request, "notice.html", status, name=name, **facts)

    def redirect(self, url: str) -> Response:
        """On to another page, by GET."""
        response = RedirectResponse(url, 303)
        self.headers.put_on(response)
        return response

    def letters(self, request: Request) -> Response | None:
        """Where the letter size is being changed: keep it and show the same page."""
        wanted = request.query_params.get(LETTERS)
        if wanted is None:
            return None
        response = self.redirect(request.url.path)
        size = LARGE if wanted == LARGE else NORMAL
        response.set_cookie(LETTERS, size, max_age=YEAR, path="/", secure=self.headers.https, samesite="lax")
        return response
