"""`make demo`: everything on this machine with the sandbox, progress while it starts, and where to look."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from runtime.parts import ROOT, Ports, environment, parts
from runtime.supervisor import PartFailed, Supervisor

TITLES = {
    "redis": "Redis (embedded)",
    "sandbox": "Sandbox: Aquasis, WhatsApp, Conekta, AGORA, SMS, e-mail",
    "rasa": "Rasa (reads the model, the slow one)",
    "actions": "Action server",
    "edge": "Edge: webhooks",
    "worker": "Worker: conversations and sending",
}


def say(text: str, end: str = "\n") -> None:
    """Progress for the person at the terminal."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def busy_ports(ports: Ports) -> list[int]:
    """Ports that somebody else already has."""
    taken = []
    for port in (ports.edge, ports.sandbox, ports.rasa, ports.actions, ports.redis, ports.worker):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                taken.append(port)
    return taken


def main() -> int:
    """Run until Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    ports, var = Ports(), Path(os.environ.get("MARIA_VAR", ROOT / "var"))
    var.mkdir(parents=True, exist_ok=True)
    if taken := busy_ports(ports):
        say(f"Ports {taken} are taken on this machine. Stop what uses them (another demo?) and try again.")
        return 1
    shared = environment(ports, var)
    say("Database …", end=" ")
    subprocess.run([sys.executable, "-m", "services.storage.migrate"], cwd=ROOT, env=shared, check=True)
    say("ready")
    supervisor = Supervisor(shared, var / "log")
    try:
        start_all(supervisor, ports, var)
        subprocess.run([sys.executable, "-m", "handoff.setup"], cwd=ROOT, env=shared, check=True)
        _tell(ports, var)
        _watch(supervisor)
    except PartFailed as failure:
        say(f"\n{failure}")
        return 1
    except KeyboardInterrupt:
        say("\nStopping …", end=" ")
    finally:
        supervisor.stop()
    say("stopped.")
    return 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def start_all(supervisor: Supervisor, ports: Ports, var: Path) -> None:
    """Everything at once; then wait for each in turn."""
    listed = parts(ports, var)
    for part in listed:
        supervisor.start(part)
        if part.name == "redis":
            supervisor.wait_ready("redis", 20)
    for part in listed:
        began = time.monotonic()
        say(f"{TITLES[part.name]} …", end=" ")
        supervisor.wait_ready(part.name)
        say(f"ready ({time.monotonic() - began:.0f} s)")


def _tell(ports: Ports, var: Path) -> None:
    say(
        f"""
  María is running. Write to her on the phone page:

      http://127.0.0.1:{ports.sandbox}/

  Agents   http://127.0.0.1:{ports.sandbox}/agora/
  Figures  http://127.0.0.1:{ports.worker}/figures/
  Health   http://127.0.0.1:{ports.edge}/health/ready
  Metrics  http://127.0.0.1:{ports.edge}/metrics
  Logs     {var / "log"}/*.log

  Ctrl-C stops everything. `rm -r {var}` starts from nothing.
"""
    )


def _watch(supervisor: Supervisor) -> None:
    """A part that falls is started again; messages wait in the database meanwhile."""
    while True:
        time.sleep(1)
        for name in supervisor.revive():
            say(f"{name} fell and was started again")
            with contextlib.suppress(PartFailed):
                supervisor.wait_ready(name)


if __name__ == "__main__":
    sys.exit(main())
