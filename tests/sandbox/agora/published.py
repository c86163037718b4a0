"""A client generated from what Chatwoot publishes of its API, as strict as one that a typed language would get.

`published.json` holds, per operation of the description of 4.15.1 that concerns an inbox, its method, path, query names
and the types of its body and answer; no text of the original is in it. A call that the description does not know (an
unknown parameter, a body of another type) never leaves; an answer of another status or type is `Unpublished`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

OPERATIONS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("published.json").read_text())


class Unpublished(AssertionError):
    """The description promises something else."""


@dataclass
class Published:
    """Every operation by its published id."""

    http: httpx.AsyncClient
    called: set[str] = field(default_factory=set)

    async def __call__(
        self, operation: str, token: dict[str, str] | None = None, body: Any = None, **given: Any
    ) -> Any:
        """The parsed answer; `given` are path and query parameters."""
        known = OPERATIONS[operation]
        names = re.findall(r"\{(\w+)\}", known["path"])
        unknown = set(given) - {*names, *known["query"]}
        if unknown or set(names) - set(given):
            raise Unpublished(f"{operation}: takes {names} and {known['query']}, was given {sorted(given)}")
        if body is not None:
            fits(known["body"], body, f"{operation}: body")
        url = "http://sandbox/agora" + known["path"].format(**{name: given.pop(name) for name in names})
        answer = await self.http.request(known["method"], url, params=given, json=body, headers=token)
        if answer.status_code != known["status"]:
            raise Unpublished(f"{operation}: {answer.status_code} instead of {known['status']}: {answer.text[:200]}")
        self.called.add(operation)
        found = answer.json() if answer.content else None
        if known["answer"] is not None:
            fits(known["answer"], found, f"{operation}: answer")
        return found


def fits(schema: Any, value: Any, where: str) -> None:
    """Raises `Unpublished` with the places that do not fit."""
    if schema is None:
        raise Unpublished(f"{where}: none is known")
    wrong = [
        f"{'.'.join(map(str, e.absolute_path))}: {e.message[-90:]}"
        for e in Draft202012Validator(schema).iter_errors(value)
    ]
    if wrong:
        raise Unpublished(f"{where}: " + "; ".join(sorted(wrong)))
