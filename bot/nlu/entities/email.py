"""E-mail addresses, also as people say them: "ana punto ruiz arroba gmail punto com" (`lexicon/email.yml`). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.lexicon import read_words
from bot.nlu.lexicon.wordings import read_written
from bot.nlu.spanish import fold

_WRITTEN = read_written("email")
_DOT, _UNDERSCORE, _HYPHEN = (rf"(?:{_WRITTEN[sign]})" for sign in ("dot", "underscore", "hyphen"))
_LOCAL = rf"[\w+-]+(?:(?:\.|\s+(?:{_DOT}|{_UNDERSCORE}|{_HYPHEN})\s+)[\w+-]+)*"
_AT = rf"(?:\s*@\s*|\s+(?:{_WRITTEN['at']})\s+|\s*\(at\)\s*)"
_DOMAIN = rf"[a-z0-9-]+(?:(?:\.|\s*\.\s?(?=(?:{_WRITTEN['endings']})\b)|\s+{_DOT}\s+)[a-z0-9-]+)*"
_ADDRESS = re.compile(rf"(?<![\w@])({_LOCAL}){_AT}({_DOMAIN})", re.IGNORECASE)
_SPOKEN = [
    (re.compile(rf"\s+{_DOT}\s+|\s*\.\s*"), "."),
    (re.compile(rf"\s+{_UNDERSCORE}\s+"), "_"),
    (re.compile(rf"\s+{_HYPHEN}\s+"), "-"),
]
_KNOWN = read_words("email", "words")["providers"]


def find_emails(text: str) -> Iterator[Found]:
    """Entity `email`: the address in lower case, as it would be typed."""
    for match in _ADDRESS.finditer(text):
        domain = _domain(_write(match.group(2)))
        if domain:
            local = fold(_write(match.group(1)))
            yield Found("email", f"{local}@{domain}", match.start(), match.end())


def _write(said: str) -> str:
    said = said.lower()
    for spoken, sign in _SPOKEN:
        said = spoken.sub(sign, said)
    return said


def _domain(domain: str) -> str | None:
    """The domain with the dot people forget ("gmailcom", "gmail"); None if it cannot be one."""
    bare = domain.removesuffix("com")
    if bare in _KNOWN:
        return f"{bare}.com"
    return domain if "." in domain.strip(".") else None
