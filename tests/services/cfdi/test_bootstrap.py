"""How invoices are put together from the settings."""

from __future__ import annotations

import httpx
import pytest

from services.aquasis.fake import FakeAquasis
from services.cfdi.bootstrap import build_invoices
from services.settings import Settings
from services.storage import Database


def test_without_a_pac_there_are_no_invoices() -> None:
    settings = Settings(_env_file=None).model_copy(update={"pac_url": None})
    with pytest.raises(ValueError, match="PAC_URL"):
        build_invoices(settings, Database("sqlite+aiosqlite:///:memory:"), httpx.AsyncClient(), FakeAquasis())
