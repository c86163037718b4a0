"""SendGrid's stand-in: mail by v3 (reference/notify_vendors.md, section 2)."""

from sandbox.sendgrid.router import build

__all__ = ["build"]
