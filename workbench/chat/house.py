"""A whole María of one's own for a chat: free ports, an empty database, everything gone afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.demo import start_all
from runtime.parts import ROOT, Ports, environment
from runtime.supervisor import Supervisor

BURST_SECONDS = "0.2"  # nobody types four messages at once here


@contextmanager
def open_house(logs: Path) -> Iterator[tuple[Ports, Path]]:
    """Start everything, telling how it goes; gives the ports and the SQLite file. Ends what it started.

    Raises:
        PartFailed: a part ended or did not become ready; its log is under `logs`.
    """
    ports, var = Ports.free(), Path(tempfile.mkdtemp(prefix="maria-chat-"))
    own = {
        "DATABASE_URL": f"sqlite+aiosqlite:///{var / 'maria.db'}",
        "RASA_DATABASE_URL": f"sqlite:///{var / 'rasa.db'}",
        "BURST_SECONDS": BURST_SECONDS,
    }
    shared = {**environment(ports, var), **own}
    supervisor = Supervisor(shared, logs)
    try:
        subprocess.run([sys.executable, "-m", "services.storage.migrate"], cwd=ROOT, env=shared, check=True)
        start_all(supervisor, ports, var)
        yield ports, var / "maria.db"
    finally:
        supervisor.stop()
        shutil.rmtree(var, ignore_errors=True)
