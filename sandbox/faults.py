"""Faults that can be switched on: latency, errors, time-outs, dropped connections, duplicates, reordering."""

from __future__ import annotations

import asyncio
import random
from typing import Literal

from pydantic import BaseModel, Field

System = Literal[
    "aquasis",
    "graph",
    "whatsapp_webhook",
    "conekta",
    "conekta_webhook",
    "agora",
    "agora_webhook",
    "kyc",
    "twilio",
    "sendgrid",
    "push",
    "pac",
    "outages",
]


class Fault(BaseModel):
    """One switch. `rate` is the share of calls it hits (0..1); `remaining` ends it after that many hits."""

    system: System
    kind: Literal["latency", "error", "timeout", "drop", "duplicate", "reorder"]
    operation: str | None = Field(default=None, description="Only this operation (SOAP operation, URL part); None: all")
    rate: float = Field(default=1.0, ge=0, le=1)
    remaining: int | None = Field(default=None, ge=0)
    seconds: float = Field(default=3.0, ge=0, le=300, description="latency: mean added seconds")
    jitter: float = Field(default=0.0, ge=0, description="latency: plus or minus this many seconds, uniform")
    status: int = Field(default=500, description="error: HTTP status")
    code: int | None = Field(default=None, description="error: the provider's own error code, e.g. Graph 131026")


class FaultBoard:
    """The faults in force; `POST /control/faults` replaces them, `GET` lists them."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def clear(self) -> None:
        """Switch everything off."""
        self.active = []

    def hit(self, system: str, kind: str, operation: str | None = None) -> Fault | None:
        """The fault of this kind that strikes this call, if any; counts the hit."""
        for fault in self.active:
            if fault.system != system or fault.kind != kind or fault.remaining == 0:
                continue
            if fault.operation and operation and fault.operation != operation:
                continue
            if random.random() >= fault.rate:
                continue
            if fault.remaining is not None:
                fault.remaining -= 1
            return fault
        return None

    async def delay(self, system: str, operation: str | None = None) -> None:
        """Sleep if a latency fault (or a time-out: ten minutes) strikes."""
        if self.hit(system, "timeout", operation):
            await asyncio.sleep(600)
        if fault := self.hit(system, "latency", operation):
            await asyncio.sleep(max(0.0, fault.seconds + random.uniform(-fault.jitter, fault.jitter)))
