"""The billing system's stand-in: SOAP 1.1 on the five real paths, as honest as the real one."""

from sandbox.aquasis.router import build

__all__ = ["build"]
