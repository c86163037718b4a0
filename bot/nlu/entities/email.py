"""E-mail addresses, also as people say them: "ana punto ruiz arroba gmail punto com". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.spanish import fold

_ENDS = r"(?:com|mx|net|org|edu|gob|es|me|info)"
_SAID = r"(?:punto|guion bajo|guion medio|guion|guión bajo|guión)"
_LOCAL = rf"[\w+-]+(?:(?:\.|\s+{_SAID}\s+)[\w+-]+)*"
_AT = r"(?:\s*@\s*|\s+(?:arroba|aroba|arrova)\s+|\s*\(at\)\s*)"
_DOMAIN = rf"[a-z0-9-]+(?:(?:\.|\s*\.\s?(?={_ENDS}\b)|\s+punto\s+)[a-z0-9-]+)*"
_ADDRESS = re.compile(rf"(?<![\w@])({_LOCAL}){_AT}({_DOMAIN})", re.IGNORECASE)
_SPOKEN = [(re.compile(r"\s+punto\s+|\s*\.\s*"), "."), (re.compile(r"\s+gui[oó]n bajo\s+"), "_")]
_HYPHEN = re.compile(r"\s+gui[oó]n(?: medio)?\s+")
_KNOWN = {"gmail", "hotmail", "outlook", "yahoo", "icloud", "live"}


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
    return _HYPHEN.sub("-", said)


def _domain(domain: str) -> str | None:
    """The domain with the dot people forget ("gmailcom", "gmail"); None if it cannot be one."""
    bare = domain.removesuffix("com")
    if bare in _KNOWN:
        return f"{bare}.com"
    return domain if "." in domain.strip(".") else None
