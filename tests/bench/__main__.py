"""`python -m tests.bench` (`make bench`): every budget of DESIGN section 9 with its figure, on this machine, now.

Everything runs on free ports of 127.0.0.1 with a database of its own. Figures are noisy on a shared machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from runtime.parts import ROOT
from tests.bench import aquasis, conversation, memory, model, outbound, reply, webhook
from tests.bench.figures import Figure, keep, table
from tests.bench.whole import Whole, whole
from tests.system.maria import Maria

Measure = Callable[[Whole], Awaitable[list[Figure]]]
MEASURES: dict[str, Measure] = {
    "webhook": webhook.measure,
    "reply": reply.measure,
    "outbound": outbound.measure,
    "balance": aquasis.balance,
    "bill": aquasis.bill,
    "conversation": conversation.measure,  # last: its replies wait for the pair rate
    "memory": memory.measure,
}


def say(text: str) -> None:
    """Progress and figures for the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Measure; 1 if a budget is missed and --strict was asked for."""
    options = _options()
    began, load = time.time(), os.getloadavg()[0]
    figures: list[Figure] = []
    if not options.only or "nlu" in options.only:
        say("nlu …")
        figures += model.nlu(quick=options.quick)
    if options.train:
        say("training …")
        figures += model.training()
    wanted = {name: m for name, m in MEASURES.items() if not options.only or name in options.only}
    if wanted:
        figures += _on_the_whole(wanted, quick=options.quick)
    about = {"at": began, "seconds": round(time.time() - began), "cores": os.cpu_count(), "load_before": load}
    keep(figures, ROOT / "var" / "bench.json", {**about, "quick": options.quick})
    say(f"\n{table(figures)}")
    loads = f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    say(f"\n{os.cpu_count()} cores, {loads}; load generator and sandbox ran beside María on them. Figures are noisy.")
    return 1 if options.strict and not all(f.met for f in figures) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter, rougher")
    parser.add_argument("--train", action="store_true", help="train as well")
    parser.add_argument("--strict", action="store_true", help="fail where a budget is missed")
    parser.add_argument("--only", nargs="+", choices=["nlu", *MEASURES], help="only these")
    return parser.parse_args()


def _on_the_whole(measures: dict[str, Measure], *, quick: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="maria-bench-", ignore_cleanup_errors=True) as folder:
        say("starting María …")
        maria = Maria.start(Path(folder))
        try:
            return asyncio.run(_measure(maria, measures, quick=quick))
        finally:
            maria.stop()


async def _measure(maria: Maria, measures: dict[str, Measure], *, quick: bool) -> list[Figure]:
    figures: list[Figure] = []
    async with whole(maria, quick=quick) as running:
        for name, measure in measures.items():
            say(f"{name} …")
            found = await measure(running)
            say(table(found))
            figures += found
    return figures


if __name__ == "__main__":
    sys.exit(main())
