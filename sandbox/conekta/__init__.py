"""Conekta's stand-in: orders for cash, SPEI and hosted checkout, signed webhooks, and a bank to pay at."""

from sandbox.conekta.router import build

__all__ = ["build"]
