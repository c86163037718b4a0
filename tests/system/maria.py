"""Starts everything on free ports with an empty database, and acts as a citizen through the sandbox."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from channels.turns.lexicon import Lexicon
from runtime.parts import ROOT, Ports, environment, parts
from runtime.supervisor import Supervisor

MEXICO, SATURDAY = ZoneInfo("America/Mexico_City"), 5
ONE_MOMENT = Lexicon.read().notice_working


@dataclass
class Maria:
    """A running María."""

    ports: Ports
    supervisor: Supervisor
    sandbox: httpx.Client
    var: Path

    @classmethod
    def start(cls, var: Path, **settings: str) -> Maria:
        """Everything, ready to be written to; `settings` go into its environment."""
        ports = Ports.free()
        shared = environment(ports, var) | settings
        subprocess.run([sys.executable, "-m", "services.storage.migrate"], cwd=ROOT, env=shared, check=True)
        supervisor = Supervisor(shared, var / "log")
        try:
            for part in parts(ports, var):
                supervisor.start(part)
                if part.name == "redis":
                    supervisor.wait_ready("redis", 30)
            for part in parts(ports, var):
                supervisor.wait_ready(part.name)
        except BaseException:
            supervisor.stop()
            raise
        return cls(ports, supervisor, httpx.Client(base_url=f"http://127.0.0.1:{ports.sandbox}", timeout=20), var)

    def stop(self) -> None:
        self.sandbox.close()
        self.supervisor.stop()

    def sent(self, to: str) -> list[dict[str, Any]]:
        """The Graph API bodies that were accepted for this citizen, in order.

        Without "one moment, please": whether that is said depends on how busy the machine is.
        """
        answer = self.sandbox.get("/control/whatsapp/sent", params={"to": to})
        answer.raise_for_status()
        return [body for body in answer.json() if body.get("text", {}).get("body") != ONE_MOMENT]

    def act(self, who: str, **action: Any) -> None:
        """The citizen does something."""
        self.sandbox.post("/control/whatsapp/inbound", json={"from": who, **action}).raise_for_status()

    def wait_for(self, condition: Callable[[], bool], seconds: float = 30.0, what: str = "it") -> None:
        """Until a condition holds; never a blind sleep."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError(f"{what} did not happen within {seconds} s")

    def replies(self, who: str, before: int, at_least: int = 1, seconds: float = 30.0) -> list[dict[str, Any]]:
        """What came after the first `before` bodies: at least so many, and then a moment of quiet."""
        self.wait_for(lambda: len(self.sent(who)) >= before + at_least, seconds, f"{at_least} replies to {who}")
        count, quiet_since = len(self.sent(who)), time.monotonic()
        while time.monotonic() - quiet_since < 0.6:
            time.sleep(0.05)
            if len(self.sent(who)) != count:
                count, quiet_since = len(self.sent(who)), time.monotonic()
        return self.sent(who)[before:]

    def let_it_be(self, hour: float, *, workday: bool = True, until: float | None = None) -> None:
        """Go on to the next time that it is this hour in Querétaro; nowhere if it is between it and `until` now."""
        now = datetime.fromisoformat(self.sandbox.get("/control/clock").json()["now"]).astimezone(MEXICO)
        if until and hour <= now.hour + now.minute / 60 < until and (not workday or now.weekday() < SATURDAY):
            return
        then = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hour)
        while then <= now or (workday and then.weekday() >= SATURDAY):
            then += timedelta(days=1)
        self.pass_days((then - now) / timedelta(days=1))

    def pass_days(self, days: float) -> None:
        """Let time pass for everything that asks the clock."""
        self.sandbox.post("/control/clock", json={"advance_seconds": days * 86_400}).raise_for_status()

    def faults(self, *faults: dict[str, Any]) -> None:
        """Switch these faults on, all others off."""
        self.sandbox.post("/control/faults", json=list(faults)).raise_for_status()
