"""The real Chromium that browser tests drive: the one `tools/chromium.sh` finds or installs before `make test`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from playwright.async_api import Browser, async_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
SCRIPT = Path(__file__).parents[1] / "tools" / "chromium.sh"


@cache
def chromium_path() -> str:
    """Its path.

    Raises:
        RuntimeError: there is none and none can be installed; the message says what to do.
    """
    found = subprocess.run(["bash", str(SCRIPT), sys.executable], capture_output=True, text=True)
    if found.returncode:
        raise RuntimeError(found.stderr)
    return found.stdout.splitlines()[0]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser of its own, closed in the end."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        try:
            yield started
        finally:
            await started.close()
