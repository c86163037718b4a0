"""The phone page: a citizen's WhatsApp, an inbox for SMS and e-mail, and the sandbox's switches."""

from sandbox.phone.router import build

__all__ = ["build"]
