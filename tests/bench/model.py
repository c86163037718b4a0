"""What the trained model costs: a message's understanding, and the training."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from runtime.parts import QUIET_RASA, ROOT, THREADS, rasa_python
from tests.bench.figures import Figure, percentile, spread

MODEL = ROOT / "models" / "maria.tar.gz"
TRAINING_SECONDS, TRAINING_MB = 300, 3000


def _environment() -> dict[str, str]:
    return {**os.environ, **THREADS, **QUIET_RASA, "PYTHONPATH": str(ROOT)}


def nlu(*, quick: bool) -> list[Figure]:
    """p95 of a message on one core, without the rest of María beside it."""
    command = [rasa_python(), "-m", "tests.bench.nlu_times", str(MODEL), "150" if quick else "600"]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), check=True, capture_output=True, text=True)
    times = json.loads(done.stdout.strip().splitlines()[-1])
    return [Figure("NLU a message, p95", percentile(times, 0.95), 40, "ms", spread(times, 1))]


def training() -> list[Figure]:
    """`make train` from its own command, into another folder: seconds, and the most memory of all its processes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [rasa_python(), "-m", "rasa", "train", "--quiet", "--skip-validation", "--force", "--out", folder]
        command += ["--domain", "domain.yml", "--data", "data/nlu", "data/rules", "data/responses"]
        began, most = time.monotonic(), 0.0
        with (Path(folder) / "log").open("wb") as log:
            trainer = psutil.Popen(command, cwd=ROOT, env=_environment(), stdout=log, stderr=log)
            while trainer.poll() is None:
                most = max(most, _resident(trainer))
                time.sleep(0.5)
        if trainer.returncode:
            raise RuntimeError("the training failed: " + (Path(folder) / "log").read_text()[-500:])
    return [
        Figure("training", time.monotonic() - began, TRAINING_SECONDS, "s"),
        Figure("training, memory", most, TRAINING_MB, "MB"),
    ]


def _resident(process: psutil.Process) -> float:
    try:
        return sum(p.memory_info().rss for p in [process, *process.children(recursive=True)]) / 1e6
    except psutil.NoSuchProcess:
        return 0.0
