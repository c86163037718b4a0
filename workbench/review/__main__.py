"""`python -m workbench.review`: the page at http://127.0.0.1:8200 or `REVIEW_PORT`. DATABASE_URL names the messages."""

from __future__ import annotations

import os
import sys

import uvicorn

from bot.nlu.entities.gazetteer import read_gazetteer
from runtime.parts import ROOT
from services.clock import Clock
from services.review.service import Review
from services.settings import get_settings
from services.storage import Database
from services.storage.migrate import migrate
from workbench.review.app import build_app
from workbench.review.training import Training

PORT = 8200


def main() -> None:
    """Serve until Ctrl-C."""
    settings = get_settings()
    migrate(settings.database_url)
    review = Review(Database(settings.database_url), Clock(settings.timezone), settings.review_days)
    training = Training(ROOT / "data" / "nlu", ROOT / "tests" / "nlu", read_gazetteer())
    port = int(os.environ.get("REVIEW_PORT", PORT))
    sys.stdout.write(f"\n  Lo que María no entendió: http://127.0.0.1:{port}/   (Ctrl-C termina)\n\n")
    sys.stdout.flush()
    uvicorn.run(build_app(review, training), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
