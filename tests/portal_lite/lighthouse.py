"""Performance and accessibility of the payment pages under Lighthouse's mobile profile: `make lighthouse`.

Not a test of the suite: it needs Node, and a figure of a busy machine says little. Each page is measured several
times and the median counts. Reports stay in `var/lighthouse/reports`.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from services.links.pages import PaymentLinks
from tests.browser import chromium_path
from tests.engines import redis_server
from tests.portal_lite.stand import Stand, standing
from tests.portal_lite.test_autopay_pages import Household
from tests.portal_lite.test_invoice_pages import Taxpayer

ROOT = Path(__file__).parents[2]
TOOL, HOME = ROOT / "tools/lighthouse", ROOT / "var/lighthouse"
LEAST = {"performance": 95, "accessibility": 100}
TIMES = 3


async def run(*command: str, **more: Any) -> str:
    """A command's output; its failure ends everything."""
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, **more)
    out, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"{command[0]} failed: {out.decode()[-2000:]}")
    return out.decode()


async def install() -> Path:
    """By the lock file, once."""
    HOME.mkdir(parents=True, exist_ok=True)
    lock = (TOOL / "package-lock.json").read_bytes()
    kept = HOME / "package-lock.json"
    cli = HOME / "node_modules/lighthouse/cli/index.js"
    if not cli.exists() or not kept.exists() or kept.read_bytes() != lock:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(TOOL / name, HOME / name)
        await run("npm", "ci", "--no-audit", "--no-fund", "--silent", cwd=HOME)
    return cli


async def pages(stand: Stand) -> dict[str, str]:
    """What a citizen meets on the way of a card payment, and the page of saved cards."""
    household = Household(stand)
    await household.agree()
    await household.autopay.add_card(household.contact, await household.token())
    open_, paid = await stand.ask(), await stand.ask()
    await stand.pay_elsewhere(paid)
    return {
        "invoice": await Taxpayer(stand).url(),
        "pay": stand.url(open_),
        "waiting": f"{stand.url(open_)}/resultado",
        "paid": f"{stand.url(paid)}/resultado",
        "autopay": household.links.page(household.contact),
        "payments": PaymentLinks.build(stand.settings, stand.clock).page(household.contact),
    }


async def measure(cli: Path, name: str, url: str) -> dict[str, float]:
    """The median of several looks, in points of 100."""
    found: dict[str, list[float]] = {category: [] for category in LEAST}
    environment = {**os.environ, "CHROME_PATH": chromium_path()}
    (HOME / "reports").mkdir(exist_ok=True)
    for time in range(TIMES):
        report = HOME / "reports" / f"{name}-{time}.json"
        await run(
            *("node", str(cli), url, "--quiet", "--output=json", f"--output-path={report}"),
            *(f"--only-categories={','.join(LEAST)}", "--chrome-flags=--headless=new --no-sandbox"),
            env=environment,
        )
        categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
        for category, values in found.items():
            values.append(round(categories[category]["score"] * 100))
    return {category: statistics.median(values) for category, values in found.items()}


async def main() -> int:
    """Prints a line a page; 1 if one falls short."""
    cli, short = await install(), 0
    with redis_server() as redis_url, tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        async with standing(Path(folder), redis_url, patch) as stand:
            for name, url in (await pages(stand)).items():
                scores = await measure(cli, name, url)
                short |= any(scores[category] < least for category, least in LEAST.items())
                print(f"{name:10}", *(f"{category} {score:.0f}" for category, score in scores.items()))
    return short


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
