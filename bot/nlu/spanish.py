"""The sound of Mexican chat Spanish, so that every spelling of a word becomes the same word.

Pure: no Rasa import. "Qiero mi resivo xfa" and "quiero mi recibo porfa" both normalise to
"kiero mi resibo por fabor". The result is for features and matching, never for reading.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.nlu.chat_words import ABBREVIATIONS, EMOJI_WORDS, VERBATIM
from bot.nlu.number_words import NUMBER_WORDS

LONG_NUMBER = "numlargo"  # six digits or more: an account, a code, a phone
SHORT_NUMBER = "sifra"
_SIGNS = {"$": "pesos", "%": "porsiento", "?": "signopregunta"}

_CUBIC = re.compile(r"(?<![a-z])m(?:ts?|etros?)?\.? ?(?:3|cubicos?)(?!\w)")
_TOKEN = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+\.[\w.]+)|(?P<link>https?://\S+|www\.\S+)"
    r"|(?P<number>\d[\d.,]*)|(?P<word>[^\W\d_]+)|(?P<sign>\S)"
)
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"x[cs](?=[ei])", "x"),
        (r"qu(?=[ei])|q", "k"),
        (r"c{1,2}(?=[eiy])|z|s?c(?=[ei])", "s"),
        (r"sh", "ch"),
        (r"c(?!h)", "k"),
        (r"g(?=[ei])", "j"),
        (r"(?<!c)h", ""),
        (r"w", "gu"),
        (r"v", "b"),
        (r"ll", "y"),
        (r"(\w)\1+", r"\1"),
        (r"y\b", "i"),
        (r"n(?=[bp])", "m"),
    )
]


def fold(text: str) -> str:
    """Lower case without accents or decorative letters; ñ becomes n."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    return "".join(c for c in unicodedata.normalize("NFKD", decomposed) if unicodedata.category(c) != "Mn")


@lru_cache(maxsize=20_000)
def spell(word: str) -> str:
    """The one spelling of all words that sound like this: "hize" and "hice" are "ise"."""
    for _ in range(8):
        before = word
        for pattern, sound in _SOUNDS:
            word = pattern.sub(sound, word)
        if word == before:
            break
    return word


def _spell_all(words: str) -> str:
    return " ".join(spell(fold(word)) for word in words.split())


_EXPANSIONS = {spell(fold(short)): _spell_all(word) for short, word in ABBREVIATIONS.items()}
_STABLE = {word for words in _EXPANSIONS.values() for word in words.split()}
_EXPANSIONS = {short: words for short, words in _EXPANSIONS.items() if short not in _STABLE}
_VERBATIM = {letters: _spell_all(word) for letters, word in VERBATIM.items()}
_EMOJIS = {emoji: _spell_all(word) for emoji, word in EMOJI_WORDS.items()}
NUMBER_SOUNDS: dict[str, int] = {spell(word): value for word, value in NUMBER_WORDS.items()}
_ARTICLES = {"un", "una", "uno"}


def hear(word: str) -> str:
    """The sound of a folded word, abbreviations written out: "xfa" is "por fabor"."""
    if word in _VERBATIM:
        return _VERBATIM[word]
    sound = spell(word)
    return _EXPANSIONS.get(sound, sound)


def hear_sign(sign: str) -> str:
    """The word for an emoji or sign; nothing for punctuation."""
    return _EMOJIS.get(sign) or _SIGNS.get(sign, "")


def normalise(text: str) -> str:
    """The text as it sounds: lower-case words, digits as "numlargo" or "sifra". Idempotent; never raises."""
    folded = _CUBIC.sub(" metros kubikos ", fold(text))
    out: list[str] = []
    digits = 0  # length of the number being read, over neighbouring groups and number words
    for match in _TOKEN.finditer(folded):
        length = _digits_in(match, digits)
        if length:
            digits += length
            continue
        if digits:
            out.append(LONG_NUMBER if digits >= 6 else SHORT_NUMBER)
            digits = 0
        out.append(_sound_of(match))
    if digits:
        out.append(LONG_NUMBER if digits >= 6 else SHORT_NUMBER)
    return " ".join(" ".join(out).split())


def _digits_in(match: re.Match[str], before: int) -> int:
    if match.lastgroup == "number":
        return sum(c.isdigit() for c in match.group())
    if match.lastgroup == "word":
        sound = spell(match.group())
        value = NUMBER_SOUNDS.get(sound)
        if value is None or (sound in _ARTICLES and not before):
            return 0
        return len(str(value)) if value < 100 else 1
    return 0


def _sound_of(match: re.Match[str]) -> str:
    kind, token = match.lastgroup, match.group()
    if kind == "mail":
        return "koreoelektroniko"
    if kind == "link":
        return "enlase"
    return hear(token) if kind == "word" else hear_sign(token)
