"""All of AGORA's routes."""

from __future__ import annotations

from fastapi import APIRouter

from sandbox.agora.routes import contacts, conversations, inboxes, messages, page, public, settings, tickets
from sandbox.agora.service import Agora
from sandbox.agora.webhooks import Post
from sandbox.world import World


def build(world: World, post: Post | None = None) -> APIRouter:
    """`/agora/…` and `/control/agora/…`; `post` replaces the webhooks' HTTP client."""
    return build_with(Agora(world, post))


def build_with(agora: Agora) -> APIRouter:
    """The same around an AGORA that is there already."""
    router = APIRouter()
    for part in (contacts, conversations, inboxes, messages, settings, public, tickets, page):
        router.include_router(part.build(agora))
    return router
