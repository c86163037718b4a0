"""The pages' words: every key used exists, every key that exists is used, and plain people's Spanish."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from portal_lite.autopay import DONE
from portal_lite.invoice import CONSENT
from portal_lite.payments import SPANS
from services.cfdi.sending import WRONG_PARTS
from services.payments.cards import Stage
from services.payments.declines import Decline
from services.payments.model import Method, State
from tests.data.test_responses import FORBIDDEN, fernandez_huerta

ROOT = Path(__file__).parents[2]
TEXTS: dict[str, str] = yaml.safe_load((ROOT / "data/portal_texts.yml").read_text(encoding="utf-8"))
NOTICES = ("invalid", "again", "limited", "down", "autopay_over", "payments_over")
INVOICE_NOTICES = [f"invoice_{name}" for name in ("due", "done", "otherwise", "over", "limited", "down")]
FISCAL = ("rfc", "name", "postcode", "regime", "use")


def used() -> set[str]:
    """Keys named in templates and code, and those put together from stages and reasons."""
    templates = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "portal_lite/templates").glob("*.html"))
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "portal_lite").glob("*.py"))
    named = set(re.findall(r'(?:\bt|chat)\("([a-z_]+)"', templates)) | set(re.findall(r'texts\.get\("([a-z_]+)"', code))
    named = {key for key in named if not key.endswith("_")}  # the beginnings of those put together
    pages = [stage.value for stage in Stage] + [*NOTICES, *INVOICE_NOTICES]
    return (
        named
        | {f"{page}_{part}" for page in pages for part in ("title", "text")}
        | {f"reason_{reason.value}" for reason in Decline}
        | {f"done_{done}" for done in DONE}
        | {f"invoice_wrong_{part}" for part in (*FISCAL, CONSENT, "summary")}
        | {f"invoice_sat_{part}" for part in (*WRONG_PARTS, "other")}
        | {f"span_{span}" for span in SPANS}
        | {f"method_{method.value}" for method in Method}
        | {f"state_{state.value}" for state in State if state not in (State.CREATING, State.FAILED)}
    )


def test_keys_used_and_keys_there_are_the_same() -> None:
    assert sorted(used()) == sorted(TEXTS)


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_text_speaks_to_whoever_opens_the_page(key: str) -> None:
    text = TEXTS[key]
    assert not re.search(r"\b(usted|su|sus|tu|tus|le|te)\b", text.lower()) or key == "invalid_text"
    for word in FORBIDDEN:
        assert word not in text.lower(), word
    if len(text.split()) >= 25:
        assert fernandez_huerta(text) >= 70


def test_all_together_are_easy_to_read() -> None:
    assert fernandez_huerta("\n".join(TEXTS.values())) >= 75
