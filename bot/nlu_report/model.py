"""The newest trained model, asked sentence by sentence as Rasa asks it."""

from __future__ import annotations

import asyncio
import json
import logging
import tarfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.nlu_report.cases import Answer, Case, Span


def newest_model(folder: Path) -> Path:
    """The model file written last; raises FileNotFoundError where there is none."""
    models = sorted(folder.glob("*.tar.gz"), key=lambda p: p.stat().st_mtime)
    if not models:
        raise FileNotFoundError(f"no model in {folder}: run `rasa train` first")
    return models[-1]


@dataclass(frozen=True)
class Identity:
    """Which model: `id` is Rasa's own, `spacy` the spaCy model it was trained with."""

    id: str
    file: str
    trained_at: str
    spacy: str


def identity(model: Path) -> Identity:
    """Read from the model file; raises ValueError where it is none."""
    try:
        with tarfile.open(model) as archive:
            names = {name.lstrip("./"): name for name in archive.getnames()}
            meta = json.loads(_member(archive, names["metadata.json"]))
            spacy = next((n for n in names.values() if n.endswith("/spacy.json")), None)
            trained_with = json.loads(_member(archive, spacy))["model"] if spacy else "sin registrar"
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise ValueError(f"{model} is not a trained model: {error}") from error
    return Identity(meta["model_id"], model.name, meta["trained_at"], trained_with)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found.read()


def ask(model: Path, cases: Sequence[Case]) -> list[Answer]:
    """Parse each case with the model, timing each."""
    return asyncio.run(_ask(model, cases))


async def _ask(model: Path, cases: Sequence[Case]) -> list[Answer]:
    warnings.filterwarnings("ignore")
    from rasa.core.agent import Agent

    _be_quiet()
    agent = Agent.load(str(model))
    await agent.parse_message("hola")  # the first message loads what is loaded late
    answers = []
    for case in cases:
        start = time.perf_counter()
        parsed = await agent.parse_message(case.text)
        milliseconds = (time.perf_counter() - start) * 1000
        intent = parsed["intent"]
        ranking = tuple((r["name"], r["confidence"]) for r in parsed.get("intent_ranking", []))
        spans = tuple(
            Span(e["entity"], str(e["value"]), e.get("start", 0), e.get("end", 0)) for e in parsed["entities"]
        )
        halves = tuple((r["intent"]["name"], r["intent"]["confidence"]) for r in parsed.get("requests") or ())
        name, confidence = intent["name"] or "", intent["confidence"] or 0.0
        answers.append(Answer(case, name, confidence, ranking, spans, milliseconds, halves))
    return answers


def _be_quiet() -> None:
    """Rasa logs every message it parses; the report is the log."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
