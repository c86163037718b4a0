"""The book of errands: `data/errands.yml` `data/knowledge/verification.yml` and `care.yml` as checked, typed data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.care import Care, read_care

LEVELS = ("anonymous", "contract", "contact", "otp", "ine", "full")
STEP_KEYS = set("ask from intents text media location check level replies photo retry early anew".split())
ERRAND_KEYS = {"steps", "takes", "do", "inherits_contract", "momentary"}
NEED_KEYS = {"step", "steps", "when", "unless"}


class BookError(ValueError):
    """The book says something that cannot be; the text tells a designer what and where."""


@dataclass(frozen=True)
class Step:
    """One thing an errand needs: how it is asked, what can answer it, and who checks the answer."""

    name: str
    ask: str
    entities: tuple[str, ...] = ()
    intents: Mapping[str, str] = field(default_factory=dict)
    text: bool = False
    media: bool = False
    location: bool = False
    check: str | None = None
    level: str | None = None
    replies: Mapping[str, str] = field(default_factory=dict)
    photo: str | None = None
    retry: str | None = None
    early: str | None = None
    anew: bool = False  # its answer holds for one contract only


@dataclass(frozen=True)
class Need:
    """A step of an errand, and the details under which it applies."""

    step: str
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def applies(self, details: Mapping[str, Any]) -> bool:
        """Whether this step is needed, given what is known."""
        if any(details.get(name) not in values for name, values in self.when.items()):
            return False
        return not any(details.get(name) in values for name, values in self.unless.items())


@dataclass(frozen=True)
class Errand:
    """A goal of the citizen: its steps in order, what else it can take, and the action that does it."""

    intent: str
    do: str
    needs: tuple[Need, ...] = ()
    takes: Mapping[str, str] = field(default_factory=dict)  # entity → detail
    inherits_contract: bool = True
    momentary: bool = False  # left when something else comes, and never offered again


@dataclass(frozen=True)
class Book:
    """Everything the plan needs to know; the same for every conversation."""

    steps: Mapping[str, Step]
    errands: Mapping[str, Errand]
    stop: Mapping[str, str]
    talk: tuple[str, ...]
    yes: str
    no: str
    start: float
    clarify: float
    both: float  # how sure each of two requests in one message must be
    next: str  # said before the second of them
    miss: tuple[str, ...]
    clarify_action: str
    named: str  # the errand of who only gives a contract number
    care: Care
    events: Mapping[str, str]  # what María comes back to herself → the action that does it
    keeps: tuple[str, ...] = ()  # of `stop`, what sets the errand under way aside instead of forgetting it
    resumes: tuple[str, ...] = ()  # of `events`, what is followed by the offer to go on

    def actions(self) -> list[str]:
        """Every action the plan may predict, to be checked against the domain."""
        named = [s.ask for s in self.steps.values()]
        for step in self.steps.values():
            named += [a for a in (step.check, step.photo, step.retry) if a]
            named += list(step.replies.values())
        named += [e.do for e in self.errands.values()]
        named += [resume_action(intent) for intent, errand in self.errands.items() if not errand.momentary]
        named += [*self.stop.values(), *self.miss, self.clarify_action, self.next]
        named += [*self.care.actions(), *self.events.values()]
        return sorted(set(named))

    def intents(self) -> list[str]:
        """Every intent the book names."""
        named = [*self.errands, *self.stop, *self.talk, *self.events, self.yes, self.no]
        for step in self.steps.values():
            named += [*step.intents, *step.replies]
        return sorted(set(named))


def resume_action(intent: str) -> str:
    """The response that offers to go on with an errand that was set aside."""
    return f"utter_resume_{intent}"


def rank(level: str | None) -> int:
    """Where a level stands; unknown or none is the lowest."""
    return LEVELS.index(level) if level in LEVELS else 0


def read_book(raw: Mapping[str, Any], verification: Mapping[str, Any], care: Mapping[str, Any]) -> Book:
    """Turn the three YAML files into a book.

    Raises:
        BookError: a step is missing, a level is unknown, or an errand asks for less evidence than the policy.
        CareError: a rule of care is missing.
    """
    steps = {name: _step(name, body) for name, body in raw["steps"].items()}
    errands = {intent: _errand(intent, body, steps) for intent, body in raw["errands"].items()}
    for errand in errands.values():
        _check_evidence(errand, steps, verification)
    understanding = raw["understanding"]
    return Book(
        steps=steps,
        errands=errands,
        stop=raw["stop"],
        talk=tuple(raw["talk"]),
        yes=raw["resume"]["accept"],
        no=raw["resume"]["decline"],
        start=float(understanding["start"]),
        clarify=float(understanding["clarify"]),
        both=float(understanding["both"]),
        next=understanding["next"],
        miss=tuple(understanding["miss"]),
        clarify_action=understanding["ask"],
        named=understanding["named"],
        events=raw.get("events", {}),
        keeps=tuple(raw.get("keep", ())),
        resumes=tuple(raw.get("resume_after", ())),
        care=read_care(care),
    )


def _step(name: str, body: Mapping[str, Any]) -> Step:
    unknown = set(body) - STEP_KEYS
    if unknown or "ask" not in body:
        raise BookError(f"step {name}: needs `ask`, does not know {sorted(unknown)}")
    if body.get("level") and body["level"] not in LEVELS:
        raise BookError(f"step {name}: level {body['level']} is none of {', '.join(LEVELS)}")
    fields: dict[str, Any] = {k: v for k, v in body.items() if k != "from"}
    return Step(name=name, entities=tuple(body.get("from", ())), **fields)


def _errand(intent: str, body: Mapping[str, Any], steps: Mapping[str, Step]) -> Errand:
    unknown = set(body) - ERRAND_KEYS
    if unknown or "do" not in body:
        raise BookError(f"errand {intent}: needs `do`, does not know {sorted(unknown)}")
    needs = tuple(need for item in body.get("steps", ()) for need in _needs(intent, item, steps))
    return Errand(
        intent=intent,
        do=body["do"],
        needs=needs,
        takes=body.get("takes", {}),
        inherits_contract=body.get("inherits_contract", True),
        momentary=body.get("momentary", False),
    )


def _needs(intent: str, item: Any, steps: Mapping[str, Step]) -> Iterator[Need]:
    """A step, a step under conditions, or several under the same ones."""
    body = {"step": item} if isinstance(item, str) else dict(item)
    if unknown := set(body) - NEED_KEYS:
        raise BookError(f"errand {intent}: does not know {sorted(unknown)} of a step")
    conditions = {
        key: {name: tuple(values) for name, values in body.get(key, {}).items()} for key in ("when", "unless")
    }
    for name in body.get("steps") or [body.get("step")]:
        if name not in steps:
            raise BookError(f"errand {intent}: there is no step {name}")
        yield Need(step=name, **conditions)


def _check_evidence(errand: Errand, steps: Mapping[str, Step], verification: Mapping[str, Any]) -> None:
    """An errand must climb to the level the policy asks for; conditional steps are the action's own affair."""
    policy = verification["goals"].get(errand.intent)
    if policy is None:
        raise BookError(f"errand {errand.intent}: data/knowledge/verification.yml does not name it")
    have = max((rank(steps[n.step].level) for n in errand.needs), default=0)
    if have < rank(policy["chat"]):
        raise BookError(f"errand {errand.intent}: its steps reach less than level {policy['chat']}")
