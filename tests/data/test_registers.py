"""Usted or tú, never mixed: whoever is addressed has both, with the same blanks and the same buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.data.words import ROOT, blanks, forms_of, other_texts, register_of, responses

ALL = responses()
OTHERS = dict(other_texts())
TO_WHOM_IS_REGISTERED = {"texts code_sms", "texts code_email", "texts code_email_subject"}  # always usted
SAYS_WHICH = {"utter_from_now_tu"}  # the answer to "háblame de tú"


def by_register(wordings: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"usted": [], "tu": []}
    for wording in wordings:
        found[register_of(wording)].append(wording)
    return found


@pytest.mark.parametrize("key", ALL)
def test_a_response_that_addresses_the_citizen_has_both_registers(key: str) -> None:
    wordings = by_register(ALL[key])
    if key in SAYS_WHICH:
        return
    assert wordings["usted"], "the wording without a condition is the default"
    for wording in wordings["usted"]:
        assert forms_of("tu", wording["text"]) == []
        if forms_of("usted", wording["text"]):
            assert wordings["tu"], f"{forms_of('usted', wording['text'])} and no variation for tú"
    for wording in wordings["tu"]:
        assert forms_of("usted", wording["text"]) == []
        assert wording["text"] not in [w["text"] for w in wordings["usted"]], "it says the same as the default"


@pytest.mark.parametrize("key", ALL)
def test_the_registers_differ_in_nothing_but_the_register(key: str) -> None:
    wordings = by_register(ALL[key])
    if not wordings["tu"] or not wordings["usted"]:
        return
    assert len(wordings["usted"]) == len(wordings["tu"])
    for usted, tu in zip(wordings["usted"], wordings["tu"], strict=True):
        assert blanks(usted["text"]) == blanks(tu["text"])
        assert usted.get("buttons") == tu.get("buttons")
        assert usted.get("custom") == tu.get("custom")


@pytest.mark.parametrize("key", ALL)
def test_a_button_speaks_as_the_citizen_so_it_needs_no_register(key: str) -> None:
    for wording in ALL[key]:
        for button in wording.get("buttons", []):
            shown = f"{button['title']} {button.get('description', '')}"
            assert forms_of("tu", shown) == [], shown
            assert [w for w in forms_of("usted", shown) if w != "su"] == [], shown


@pytest.mark.parametrize("where", OTHERS)
def test_a_text_outside_the_responses_keeps_to_its_register(where: str) -> None:
    value = OTHERS[where]
    if isinstance(value, Mapping):
        assert set(value) == {"usted", "tu"}
        assert forms_of("tu", value["usted"]) == []
        assert forms_of("usted", value["tu"]) == []
        assert blanks(value["usted"]) == blanks(value["tu"])
    else:
        assert forms_of("tu", value) == []
        assert where in TO_WHOM_IS_REGISTERED or forms_of("usted", value) == []


def test_the_channels_own_words_need_no_register() -> None:
    texts = yaml.safe_load((ROOT / "data/channel_texts.yml").read_text(encoding="utf-8"))
    for key in ("notice_working", "notice_delayed", "list_button", "choose", "otherwise"):
        assert forms_of("usted", texts[key]) == forms_of("tu", texts[key]) == []


def test_every_text_is_used() -> None:
    texts = yaml.safe_load((ROOT / "data/texts.yml").read_text(encoding="utf-8"))
    folders = ("actions", "services", "channels", "runtime", "portal_lite")
    code = "\n".join(p.read_text(encoding="utf-8") for f in folders for p in (ROOT / f).rglob("*.py"))
    composed = ("where_contract", "where_nickname", "of_contract", "of_nickname")  # labels.py puts them together
    assert [key for key in texts if f'"{key}"' not in code and f"'{key}'" not in code and key not in composed] == []
