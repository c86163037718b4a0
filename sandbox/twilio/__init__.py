"""Twilio's stand-in: SMS by the Messages resource (reference/notify_vendors.md, section 1)."""

from sandbox.twilio.router import build

__all__ = ["build"]
