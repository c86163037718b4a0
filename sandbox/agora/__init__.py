"""AGORA's stand-in: the inbox (a Chatwoot fork), its own tickets, and a page to read both."""

from sandbox.agora.router import build

__all__ = ["build"]
