"""AGORA's stand-in, as far as María uses it today: its own tickets, and a page to read them."""

from sandbox.agora.router import build

__all__ = ["build"]
