"""A PAC's stand-in: SW sapien's "issue" with seals of its own, made at start."""

from sandbox.pac.router import build

__all__ = ["build"]
