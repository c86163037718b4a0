"""What Mexicans write in chats instead of words (`lexicon/chat.yml`): abbreviations, slang spellings and emojis.

Keys and values are ordinary spellings; `spanish` brings both to sounds.
"""

from __future__ import annotations

from bot.nlu.lexicon import read

_CHAT: dict[str, dict[str, str]] = read("chat")

# Spellings that mean something by their letters, not by their sound.
VERBATIM = _CHAT["verbatim"]
ABBREVIATIONS = {short: word for word, shorts in _CHAT["short"].items() for short in shorts.split()}
EMOJI_WORDS = {emoji: word for word, emojis in _CHAT["emojis"].items() for emoji in emojis}
