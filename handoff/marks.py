"""Markdown as AGORA's editor writes it, and WhatsApp's marks (agora.md sections 4.3 and 6). Pure."""

from __future__ import annotations

import re

LIQUID = re.compile(r"(\{)(?=[{%])")
CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
IMAGE = re.compile(r"!\[[^\]]*\]\((\S+?)\)")
LINK = re.compile(r"\[([^\]]+)\]\(([^()\s]+(?:\([^()\s]*\))?)\)")
MENTION = re.compile(r"\[(@[^\]]+)\]\(mention://[^)]*\)")
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
BULLET = re.compile(r"^(\s*)[*+]\s+", re.MULTILINE)
BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
STRIKE = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~", re.DOTALL)
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~|<>])")
HARD_BREAK = re.compile(r"\\\n")
ONE_STAR = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
ONE_TILDE = re.compile(r"(?<![\w~])~(?=[^\s~])([^~\n]+?)(?<=[^\s~])~(?![\w~])")
KEPT = "\ue000"  # stands for bold until italics are done; from the private use area, so nobody types it
HIDDEN = "\ue001"


def to_whatsapp(text: str) -> str:
    """What an agent wrote, for the citizen."""
    return "".join(part if at % 2 else _inline(part) for at, part in enumerate(CODE.split(text))).strip()


def _inline(text: str) -> str:
    text = text.replace(KEPT, "").replace(HIDDEN, "")
    text, escaped = _hide_escapes(HARD_BREAK.sub("\n", text))
    text = MENTION.sub(r"\1", text)
    text = IMAGE.sub(r"\1", text)
    text = LINK.sub(_link, text)
    text = HEADING.sub(rf"{KEPT}\1{KEPT}", text)
    text = BULLET.sub(r"\1- ", text)
    text = BOLD.sub(rf"{KEPT}\2{KEPT}", text)
    text = ITALIC.sub(r"_\1_", text)
    text = STRIKE.sub(r"~\1~", text).replace(KEPT, "*")
    for character in escaped:
        text = text.replace(HIDDEN, character, 1)
    return text


def _hide_escapes(text: str) -> tuple[str, list[str]]:
    """Escaped marks are no marks; they come back at the end."""
    escaped: list[str] = []

    def hide(found: re.Match[str]) -> str:
        escaped.append(found[1])
        return HIDDEN

    return ESCAPE.sub(hide, text), escaped


def _link(found: re.Match[str]) -> str:
    title, url = found[1], found[2]
    bare = url.removeprefix("mailto:").removeprefix("tel:")
    return bare if title in (url, bare) else f"{title}: {bare}"


def to_markdown(text: str) -> str:
    """What María wrote with WhatsApp's marks, for the agent."""
    return ONE_TILDE.sub(r"~~\1~~", ONE_STAR.sub(r"**\1**", text))


def without_liquid(text: str) -> str:
    """AGORA renders `{{…}}` and `{%…%}` in what is outgoing and in notes: broken up, they stay what they are."""
    return LIQUID.sub("\\1\u200b", text)
