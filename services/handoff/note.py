"""The note that opens the case, and what was said before: Markdown from a `Case`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.handoff.model import Case, Fact, Proof
from services.handoff.rules import Route, Rules

MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
LINE_STARTS = re.compile(r"^(\s*)([-+>=]|\d+[.)])", re.MULTILINE)
LONGEST_LINE, LONGEST_NOTE = 1500, 9000  # characters


def escape(text: str) -> str:
    """A citizen's words so that none of them is taken for a mark."""
    return LINE_STARTS.sub(r"\1\\\2", MARKS.sub(r"\\\1", text))


@dataclass(frozen=True)
class Said:
    """One message of the transcript."""

    at: datetime
    author: str  # citizen | maria | person
    text: str
    media: str | None = None
    intent: str | None = None


@dataclass(frozen=True)
class Page:
    """A part of the transcript, ending with the file that belongs to its last line, if any."""

    text: str
    media: str | None = None


class Notes:
    """Writes for the person; `title` gives an errand's name, `fault` a fault's, `local` the time on the wall."""

    def __init__(self, rules: Rules, titles: Mapping[str, str], local: Callable[[datetime], datetime]) -> None:
        self._rules, self._titles, self._local = rules, titles, local
        self._words: Mapping[str, Any] = rules.note

    def summary(self, case: Case, route: Route, episode: str) -> str:
        """Everything on one screen; what is not known has no line."""
        words, lines = self._words, self._words["lines"]
        steps = self._rules.steps(route.reason, route.subject)
        values = {
            "who": self._who(case),
            "contracts": ", ".join(map(self._proof, case.proofs)) or words["no_contract"],
            "wanted": self._title(case.wanted),
            "done": self._facts(case.done),
            "failed": self._facts(case.failed),
            "mood": words["moods"].get(case.mood, ""),
            "question": words["errand_aside"].format(errand=self._title(case.aside)) if case.aside else "",
            "last": escape(case.last_words),
            "steps": "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)),
        }
        body = [lines[name].format(value=value) for name, value in values.items() if value]
        reason = self._rules.reasons[route.reason].title
        return "\n".join([words["title"], *body, words["foot"].format(reason=reason, case=episode)])

    def attributes(self, case: Case, reason: str) -> dict[str, str]:
        """The case in AGORA's fields, in the words of the agents; what is not known has none."""
        level = next((p.level for p in case.proofs if p.active), None)
        known = {
            "contrato": case.contract,
            "nivel": self._words["levels"][level] if level else None,
            "motivo": self._rules.reasons[reason].title,
            "intento": case.intent,
            "tramite": self._title(case.wanted),
            "folio": case.folio,
        }
        return {name: value for name, value in known.items() if value}

    def pages(self, said: Sequence[Said]) -> list[Page]:
        """What was said, line by line, cut where a file belongs or a note gets long."""
        pages: list[Page] = []
        lines = [self._words["transcript"]] if said else []
        for message in said:
            line = self._line(message)
            if lines and sum(map(len, lines)) + len(line) > LONGEST_NOTE:
                pages.append(Page("\n".join(lines)))
                lines = []
            lines.append(line)
            if message.media:
                pages.append(Page("\n".join(lines), message.media))
                lines = []
        return [*pages, Page("\n".join(lines))] if lines else pages

    def _line(self, message: Said) -> str:
        author = self._words[message.author]
        words = message.text if message.author == "citizen" else message.text.replace("*", "")  # bold is no matter here
        text = escape(words[:LONGEST_LINE]).replace("\n", "  \n")
        tag = f" `{message.intent}`" if message.intent else ""
        return f"**{self._local(message.at):%H:%M}** {author}: {text}{tag}"

    def _who(self, case: Case) -> str:
        name = escape(case.name) if case.name else self._words["name_hidden"]
        ending = case.phone_ending
        phone = self._words["phone"].format(ending=ending) if ending else self._words["no_phone"]
        return f"{name}, {phone}"

    def _proof(self, proof: Proof) -> str:
        return str(
            self._words["contract"].format(
                contract=proof.contract,
                name=f" «{escape(proof.nickname)}»" if proof.nickname else "",
                active=self._words["contract_active"] if proof.active else "",
                level=self._words["levels"][proof.level],
            )
        )

    def _title(self, errand: str | None) -> str:
        return self._titles.get(errand, errand).lower() if errand else ""

    def _facts(self, facts: Sequence[Fact]) -> str:
        return "; ".join(str(self._words[fact.kind]).format(**fact.blanks) for fact in facts)
