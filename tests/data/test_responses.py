"""What María says: every key used exists, every key that exists is used, limits and words are kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FORBIDDEN = (
    "estimado usuario", "favor de", "se le informa", "a la brevedad", "por el momento no es posible",
    "lamentamos los inconvenientes", "opción no válida", "dato inválido", "deberá", "proporcione",
    "domiciliación", "suministro", "explotación", "titular", "adeudo", "recargos", "otp", "token",
)  # fmt: skip
EMOJIS = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
ALLOWED = {"👋", "✅", "⚠", "📍", "📷"}


def responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        found.update(yaml.safe_load(path.read_text(encoding="utf-8"))["responses"])
    return found


ALL = responses()
WORDINGS = [(key, wording) for key, wordings in ALL.items() for wording in wordings]
SOURCES = [*(ROOT / "actions").rglob("*.py"), *(ROOT / "services").rglob("*.py"), *(ROOT / "bot/channel").glob("*.py")]
DATA = [ROOT / "data/errands.yml", *(ROOT / "data/rules").glob("*.yml")]


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


def fernandez_huerta(text: str) -> float:
    """206.84 - 60 syllables a word - 1.02 words a sentence; a line counts as a sentence."""
    sentences = [s for s in re.split(r"[.!?:\n]+", text) if re.search(r"[a-záéíóúñ]", s, re.I)]
    words = re.findall(r"[a-záéíóúüñ]+", text.lower())
    if not words or not sentences:
        return 100.0
    return 206.84 - 60 * sum(map(syllables, words)) / len(words) - 1.02 * len(words) / len(sentences)


def plain(wording: dict[str, Any]) -> str:
    """Without blanks, marks and proper names, which readability does not count."""
    return re.sub(r"\{[a-z_]+\}|\*|CEA Querétaro|María|CEA", "", wording["text"])


def test_all_replies_together_are_easy_to_read() -> None:
    pooled = "\n".join(plain(w) for k, w in WORDINGS if k != "utter_english")
    assert fernandez_huerta(pooled) >= 80


@pytest.mark.parametrize(("key", "wording"), WORDINGS, ids=[k for k, _ in WORDINGS])
def test_a_longer_reply_is_readable_at_sixth_grade(key: str, wording: dict[str, Any]) -> None:
    if key == "utter_english" or len(plain(wording).split()) < 25:
        return
    assert fernandez_huerta(plain(wording)) >= 70
