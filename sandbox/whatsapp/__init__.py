"""The WhatsApp Cloud API's stand-in: Graph endpoints, media, statuses and signed webhooks."""

from sandbox.whatsapp.router import build

__all__ = ["build"]
