"""What María says: every key used exists, every key that exists is used, limits and words are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.data.words import ROOT, other_texts, register_of, responses

ENGLISH = {"utter_english", "utter_english_line"}
FORBIDDEN = (
    "estimado usuario", "favor de", "se le informa", "a la brevedad", "por el momento no es posible",
    "lamentamos los inconvenientes", "opción no válida", "dato inválido", "deberá", "proporcione",
    "domiciliación", "suministro", "explotación", "titular", "adeudo", "recargos", "otp", "token",
)  # fmt: skip
EMOJIS = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
ALLOWED = {"👋", "✅", "⚠", "📍", "📷"}


ALL = responses()
WORDINGS = [(key, wording) for key, wordings in ALL.items() for wording in wordings]
SOURCES = [*(ROOT / "actions").rglob("*.py"), *(ROOT / "services").rglob("*.py"), *(ROOT / "bot/channel").glob("*.py")]
DATA = [ROOT / "data/errands.yml", ROOT / "data/knowledge/care.yml", *(ROOT / "data/rules").glob("*.yml")]


def mentioned() -> tuple[set[str], set[str]]:
    """Whole keys, and the beginnings of keys that are put together."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in [*SOURCES, *DATA])
    whole = set(re.findall(r"utter_[a-z0-9_]*[a-z0-9]", text)) - {"utter_message"}
    started = set(re.findall(r'"(utter_[a-z0-9_]+_)\{', text)) | {"utter_resume_"}
    started |= {f"{m}_" for m in re.findall(r'"(utter_code_(?:sent|still_good))"', text)}
    started |= set(re.findall(r"f\"(utter_[a-z_]+)\{again\}", text))
    return whole, started


def test_every_key_that_is_used_exists() -> None:
    whole, started = mentioned()
    composed = {w for w in whole if any(s.startswith(w) for s in started)}
    assert sorted(whole - set(ALL) - composed) == []


def test_every_key_that_exists_is_used() -> None:
    whole, started = mentioned()
    suffixed = {f"{k}_short" for k in whole} | {f"{k}_report" for k in whole}
    unused = [k for k in ALL if k not in whole | suffixed and not any(k.startswith(s) for s in started)]
    assert unused == []


@pytest.mark.parametrize(("key", "wording"), WORDINGS, ids=[k for k, _ in WORDINGS])
def test_a_wording_keeps_whatsapps_limits_and_ours(key: str, wording: dict[str, Any]) -> None:
    text, buttons = wording["text"], wording.get("buttons", [])
    assert len(text) <= 480, "a bubble is short"
    titles = [b["title"] for b in buttons]
    assert len(set(titles)) == len(titles)
    assert len(buttons) <= 10
    for button in buttons:
        assert len(button["title"]) <= (20 if len(buttons) <= 3 else 24)
        assert len(button.get("description", "")) <= 72
    emojis = EMOJIS.findall(text)
    assert len(emojis) <= 1
    assert set(emojis) <= ALLOWED
    for word in FORBIDDEN:
        assert word not in text.lower(), word


@pytest.mark.parametrize(("key", "wording"), WORDINGS, ids=[k for k, _ in WORDINGS])
def test_a_button_names_an_intent_of_the_domain(key: str, wording: dict[str, Any]) -> None:
    intents = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    for button in wording.get("buttons", []):
        name = re.match(r"/([a-z_]+)", button["payload"])
        assert name
        assert name[1] in intents


def syllables(word: str) -> int:
    """Roughly: groups of vowels, with strong pairs and accented weak vowels apart."""
    return max(1, len(re.findall(r"[aeoáéóíú]|[iuü]+(?![aeoáéó])", word)))


def counts(text: str) -> tuple[float, float]:
    """Syllables a word and words a sentence; a line counts as a sentence."""
    sentences = [s for s in re.split(r"[.!?:\n]+", text) if re.search(r"[a-záéíóúñ]", s, re.I)]
    words = re.findall(r"[a-záéíóúüñ]+", text.lower())
    return sum(map(syllables, words)) / max(1, len(words)), len(words) / max(1, len(sentences))


def fernandez_huerta(text: str) -> float:
    """80 and more is easy (5th grade), 70 the 6th."""
    a_word, a_sentence = counts(text)
    return 206.84 - 60 * a_word - 1.02 * a_sentence


def inflesz(text: str) -> float:
    """Szigriszt's formula; 65 and more is fairly easy."""
    a_word, a_sentence = counts(text)
    return 206.835 - 62.3 * a_word - a_sentence


def plain(text: str) -> str:
    """Without blanks, marks and proper names, which readability does not count."""
    return re.sub(r"\{[a-z_]+\}|\*|CEA Querétaro|María|CEA", "", text)


def test_each_register_as_a_whole_is_easy_to_read() -> None:
    for register in ("usted", "tu"):
        spoken = [w["text"] for k, w in WORDINGS if k not in ENGLISH and register_of(w) == register]
        assert fernandez_huerta(plain("\n".join(spoken))) >= 80, register


def test_a_longer_reply_is_readable_at_sixth_grade() -> None:
    spoken = [(key, w["text"]) for key, w in WORDINGS if key not in ENGLISH]
    for where, value in other_texts():
        spoken += [(where, text) for text in (value.values() if isinstance(value, Mapping) else [value])]
    for where, text in spoken:
        if len(plain(text).split()) >= 25:
            assert fernandez_huerta(plain(text)) >= 70, where
            assert inflesz(plain(text)) >= 65, where


def test_every_fixed_phone_has_a_source_and_a_date() -> None:
    care = yaml.safe_load((ROOT / "data/knowledge/care.yml").read_text(encoding="utf-8"))
    for phone in care["phones"]:
        assert phone["source"]
        assert phone["checked_on"]
    known = {phone["number"] for phone in care["phones"]}
    spoken = [w["text"] for _, w in WORDINGS]
    spoken += [text for _, v in other_texts() for text in (v.values() if isinstance(v, Mapping) else [v])]
    said = {number for text in spoken for number in re.findall(r"\*(?:[^*{]*, )?(\d[\d ]+\d)\*", text)}
    assert said <= known
    assert {"911", "800 911 2000"} <= said
