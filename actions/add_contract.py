"""Several contracts with a name each: add, choose, name, remove."""

from __future__ import annotations

import re

from actions.base import Conversation, MariaAction
from actions.contract import ALL, follow
from actions.labels import linked
from services.contacts.service import NICKNAME_CHARS
from services.knowledge.faq import fold

REMOVE = re.compile(r"\b(quit|elimin|borr|desvincul|ya no)\w*")
NAMED = re.compile(
    r"(?:se llama|llámal[oa]|llamal[oa]|ponle|como|de nombre|es el de|es la de)\s+[«\"']?([^\"'».,]{2,80})", re.I
)
POINTS = re.compile(
    r"(?:^|\s+)(?:al|a|del?|para)\s+(?:(?:el|la|mi|ese|este)\s+)*(?:contrato|recibo|cuenta|\d).*$", re.I
)


def nickname(said: str) -> str | None:
    """What a contract is to be called: "ponle taller al 0090420" names it "taller"."""
    named = NAMED.search(said)
    if named is None:
        return None
    words = POINTS.sub("", named[1]).split()
    while words and len(" ".join(words)) > NICKNAME_CHARS:
        words.pop()
    return " ".join(words) or None


class AddContract(MariaAction):
    """Level 1 is enough to follow a contract: it shows nothing by itself."""

    action_name = "action_add_contract"

    async def act(self, talk: Conversation) -> None:
        """Which of the three is read from what was said."""
        contract = str(talk.contract)
        if contract == ALL:
            talk.end()
            return
        said = str(talk.details.get("said") or "")
        if REMOVE.search(fold(said)):
            await talk.services.contacts.unlink(talk.contact, contract)
            talk.say("utter_contract_removed", contract=contract)
            return
        if name := nickname(said):
            await talk.services.contacts.link(talk.contact, contract, name)
            talk.say("utter_contract_named", contract=contract, name=name)
            return
        before = await linked(talk)
        await follow(talk, contract)
        key = "utter_contract_chosen" if any(c.contract == contract for c in before) else "utter_contract_added"
        talk.say(key, contract=contract)
