"""The WhatsApp Cloud API's stand-in: Graph endpoints, media, statuses and signed webhooks."""

from __future__ import annotations

from fastapi import APIRouter

from sandbox.whatsapp.control import build_control
from sandbox.whatsapp.router import build_graph
from sandbox.whatsapp.service import WhatsApp
from sandbox.whatsapp.webhooks import Post
from sandbox.world import World

__all__ = ["WhatsApp", "build"]


def build(world: World, post: Post | None = None) -> APIRouter:
    """All routes, `/graph/…` and `/control/whatsapp/…`; `post` replaces the webhooks' HTTP client."""
    whatsapp = WhatsApp(world, post)
    router = APIRouter()
    router.include_router(build_graph(whatsapp))
    router.include_router(build_control(whatsapp))
    return router
