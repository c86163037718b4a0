"""Starts parts, waits until each is ready, starts a fallen one again, stops all."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO

from runtime.parts import ROOT, Part

PATIENCE = 180.0  # seconds for the slowest part (Rasa reads its model) on a busy small machine
POLL = 0.2


class PartFailed(RuntimeError):
    """A part ended, or did not become ready in time; the message says where its log is."""


class Supervisor:
    """Processes by name."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self._environment, self._logs = environment, logs
        self._parts: dict[str, Part] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._files: dict[str, IO[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, part: Part) -> None:
        """Start a part; its output goes to its log."""
        self._parts[part.name] = part
        log = self._files.get(part.name) or (self._logs / f"{part.name}.log").open("ab")
        self._files[part.name] = log
        self._running[part.name] = subprocess.Popen(  # noqa: S603  # our own commands
            part.command,
            cwd=ROOT,
            env={**self._environment, **part.environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_ready(self, name: str, patience: float = PATIENCE, beat: Callable[[], None] = lambda: None) -> None:
        """Block until the part says it is ready.

        Raises:
            PartFailed: it ended or is too slow.
        """
        part, end = self._parts[name], time.monotonic() + patience
        while time.monotonic() < end:
            if self._running[name].poll() is not None:
                raise PartFailed(f"{name} ended; see {self._logs / name}.log")
            if _is_ready(part.ready):
                return
            beat()
            time.sleep(POLL)
        raise PartFailed(f"{name} is not ready after {patience:.0f} s; see {self._logs / name}.log")

    def pid(self, name: str) -> int:
        """The process id of a part."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """SIGKILL, as a crash would."""
        process = self._running[name]
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()

    def revive(self) -> list[str]:
        """Start again what has ended; their names."""
        fallen = [name for name, process in self._running.items() if process.poll() is not None]
        for name in fallen:
            self.start(self._parts[name])
        return fallen

    def stop(self) -> None:
        """End all, last started first."""
        for name in reversed(self._running):
            process = self._running[name]
            if process.poll() is None:
                process.terminate()
        for process in self._running.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
        for log in self._files.values():
            log.close()


def _is_ready(where: str) -> bool:
    if where.startswith("tcp:"):
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", int(where[4:]))) == 0
    try:
        with urllib.request.urlopen(where, timeout=2) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
