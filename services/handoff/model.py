"""What is handed over, as data; plain JSON inside, so that it can wait in a table."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Closer = Literal["resolved", "returned", "citizen", "ticket", "gone"]
Way = Literal["note", "in", "maria", "out", "told"]


class Part(BaseModel):
    """Base of the parts of a case."""

    model_config = ConfigDict(frozen=True)


class Proof(Part):
    """What is proved for one contract."""

    contract: str
    level: str  # services.identity.policy.Level.word
    nickname: str | None = None
    active: bool = False


class Fact(Part):
    """Something that was done or failed. `kind` names its line in `data/knowledge/handoff.yml`; `blanks` fill it."""

    kind: str
    blanks: dict[str, str] = {}


class Case(Part):
    """Everything a person should know before answering; no document and no full phone number is in it."""

    name: str | None = None
    phone_ending: str | None = None
    proofs: tuple[Proof, ...] = ()
    wanted: str | None = None  # an errand
    intent: str | None = None
    done: tuple[Fact, ...] = ()
    failed: tuple[Fact, ...] = ()
    mood: str = "calm"  # anger | distress | self_harm | calm
    aside: str | None = None  # the errand that waits
    last_words: str = ""
    folio: str | None = None
    priority: str = "medium"
    labels: tuple[str, ...] = ()
    team: str = ""

    @property
    def contract(self) -> str | None:
        """The active one."""
        return next((p.contract for p in self.proofs if p.active), None)


class Line(Part):
    """One message for the desk, already in its words."""

    text: str = ""
    media: str | None = None
    reply_to: int | None = None  # the desk's id of the message it quotes


class Ask(Part):
    """A wish for a person, as the dialogue knows it. `turn` makes a replay the same episode."""

    turn: str
    contact: str
    channel: str
    reason: str  # of `reasons` in the rules, or "asked"
    intent: str | None = None
    errand: str | None = None  # under way, else the last one
    aside: str | None = None
    mood: str = "calm"
    words: str = ""
    contract: str | None = None  # that is meant now
    contracts: tuple[str, ...] = ()  # that came up besides
    phone: str | None = None
