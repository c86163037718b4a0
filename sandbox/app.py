"""All the stand-ins in one process."""

from __future__ import annotations

import os

from fastapi import FastAPI

from sandbox import agora, aquasis, conekta, control, outages, pac, phone, sendgrid, twilio, whatsapp
from sandbox.data import SandboxData
from sandbox.world import SandboxClock, World

SYSTEMS = (control, phone, aquasis, agora, conekta, outages, pac, whatsapp, twilio, sendgrid)


def build_app(world: World | None = None) -> FastAPI:
    """The app; tests pass a world of their own to look into."""
    world = world or World(SandboxData(), SandboxClock.opening(os.environ.get("SANDBOX_OPENS_AT")))
    app = FastAPI(title="María: sandbox", docs_url=None, redoc_url=None)
    app.state.world = world
    for system in SYSTEMS:
        app.include_router(system.build(world))
    return app
