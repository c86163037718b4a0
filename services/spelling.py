"""Spelling that does not matter: the same words, however they are accented and marked. Pure."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Lower case without accents; "ñ" is "n"."""
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in plain if unicodedata.category(c) != "Mn")


def plain_words(text: str) -> str:
    """Folded, without marks and emojis; single spaces."""
    return " ".join(_WORD.findall(fold(text)))
