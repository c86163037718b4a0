"""How a contract is called in a sentence, and other small wordings that come from data."""

from __future__ import annotations

from actions.base import Conversation
from services.contacts.service import LinkedContract


async def linked(talk: Conversation) -> list[LinkedContract]:
    """The contracts this contact follows."""
    return await talk.services.contacts.linked(talk.contact)


async def where(talk: Conversation, contract: str) -> str:
    """`*casa*` once it has a nickname, else `el contrato *0048213*`."""
    return await _called(talk, contract, "where")


async def of(talk: Conversation, contract: str) -> str:
    """`de *casa*`, `del contrato *0048213*`."""
    return await _called(talk, contract, "of")


async def _called(talk: Conversation, contract: str, how: str) -> str:
    nickname = next((c.nickname for c in await linked(talk) if c.contract == contract and c.nickname), None)
    return talk.services.texts.get(f"{how}_{'nickname' if nickname else 'contract'}", name=nickname or contract)


def row(contract: LinkedContract) -> str:
    """`Casa (8213)`, or the number itself."""
    return f"{contract.nickname} ({contract.contract[-4:]})" if contract.nickname else contract.contract


def errand_title(talk: Conversation, intent: str) -> str:
    """What an errand is called on a button."""
    return talk.services.texts.table("errand_titles").get(intent, intent)
