"""Style, script and icon: small files of our own, named by their content so that a phone keeps them for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Asset:
    """One file."""

    content: bytes
    media_type: str
    path: str


class Assets:
    """All files of `static/`, read once."""

    def __init__(self) -> None:
        files = sorted(path for path in STATIC.iterdir() if path.suffix in TYPES)
        self._by_name = {path.name: self._read(path) for path in files}
        self._by_path = {asset.path: asset for asset in self._by_name.values()}

    @staticmethod
    def _read(path: Path) -> Asset:
        content = path.read_bytes()
        mark = hashlib.sha256(content).hexdigest()[:12]
        return Asset(content, TYPES[path.suffix], f"/portal/static/{mark}/{path.name}")

    def url(self, name: str) -> str:
        """Where a page finds a file."""
        return self._by_name[name].path

    def router(self) -> APIRouter:
        """`/portal/static/{mark}/{name}`."""
        router = APIRouter()

        @router.get("/portal/static/{mark}/{name}")
        async def static(mark: str, name: str) -> Response:
            asset = self._by_path.get(f"/portal/static/{mark}/{name}")
            if asset is None:
                raise HTTPException(404)
            return Response(asset.content, media_type=asset.media_type, headers=FOR_EVER)

        return router
