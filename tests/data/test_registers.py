"""Usted or tú, never mixed: whoever is addressed has both, with the same blanks and the same buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from tests.data.words import ROOT, blanks, forms_of, other_texts, register_of, responses

ALL = responses()
OTHERS = dict(other_texts())
TO_WHOM_IS_REGISTERED = {"texts code_sms", "texts code_email", "texts code_email_subject"}  # always usted
SAYS_WHICH = {"utter_from_now_tu", "utter_from_now_usted"}  # the answers to "háblame de tú" and "de usted"


def by_register(wordings: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"usted": [], "tu": []}
    for wording in wordings:
        found[register_of(wording)].append(wording)
    return found


def test_a_response_that_addresses_the_citizen_has_both_registers() -> None:
    for key in set(ALL) - SAYS_WHICH:
        wordings = by_register(ALL[key])
        assert wordings["usted"], f"{key}: the wording without a condition is the default"
        for wording in wordings["usted"]:
            assert forms_of("tu", wording["text"]) == [], key
            if forms := forms_of("usted", wording["text"]):
                assert wordings["tu"], f"{key}: {forms} and no variation for tú"
        for wording in wordings["tu"]:
            assert forms_of("usted", wording["text"]) == [], key
            assert wording["text"] not in [w["text"] for w in wordings["usted"]], f"{key}: same as the default"


def test_the_registers_differ_in_nothing_but_the_register() -> None:
    for key in set(ALL) - SAYS_WHICH:
        wordings = by_register(ALL[key])
        if not wordings["tu"]:
            continue
        assert len(wordings["usted"]) == len(wordings["tu"]), key
        for usted, tu in zip(wordings["usted"], wordings["tu"], strict=True):
            assert blanks(usted["text"]) == blanks(tu["text"]), key
            assert usted.get("buttons") == tu.get("buttons"), key
            assert usted.get("custom") == tu.get("custom"), key


def test_a_button_speaks_as_the_citizen_so_it_needs_no_register() -> None:
    for key, wordings in ALL.items():
        for button in (b for w in wordings for b in w.get("buttons", [])):
            shown = f"{button['title']} {button.get('description', '')}"
            assert forms_of("tu", shown) == forms_of("usted", shown) == [], f"{key}: {shown}"


def test_a_text_outside_the_responses_keeps_to_its_register() -> None:
    for where, value in OTHERS.items():
        if isinstance(value, Mapping):
            assert set(value) == {"usted", "tu"}, where
            assert forms_of("tu", value["usted"]) == [], where
            assert forms_of("usted", value["tu"]) == [], where
            assert blanks(value["usted"]) == blanks(value["tu"]), where
        else:
            assert forms_of("tu", value) == [], where
            assert where in TO_WHOM_IS_REGISTERED or forms_of("usted", value) == [], where


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
