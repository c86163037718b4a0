"""Message templates as the Graph API defines them, and the file María's own are read from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

VARIABLE = re.compile(r"\{\{(\w+)\}\}")
FILE = Path(__file__).parents[2] / "data" / "templates" / "whatsapp.yml"
CODE_TEXT = "*{{1}}* es tu código de verificación. Por tu seguridad, no lo compartas."
CODE_LIFE = "Este código caduca en {minutes} minutos."

Component = dict[str, Any]


@dataclass
class Template:
    """One template in one language. `components` is the Graph form (`BODY`, `FOOTER`, `BUTTONS`, `HEADER`)."""

    id: str
    name: str
    language: str
    category: str
    components: list[Component]
    status: str = "APPROVED"
    at: datetime | None = field(default=None, compare=False)

    def part(self, kind: str) -> Component:
        """A component, or an empty one."""
        return next((c for c in self.components if c["type"].upper() == kind), {})

    @property
    def body(self) -> str:
        """The text with its variables; Meta's own for authentication."""
        if self.category == "AUTHENTICATION":
            return CODE_TEXT
        return str(self.part("BODY").get("text", ""))

    @property
    def footer(self) -> str | None:
        """The small print; Meta's own for authentication."""
        minutes = self.part("FOOTER").get("code_expiration_minutes")
        if minutes:
            return CODE_LIFE.format(minutes=minutes)
        return self.part("FOOTER").get("text")

    @property
    def buttons(self) -> list[Component]:
        """The buttons in order."""
        return list(self.part("BUTTONS").get("buttons", []))

    @property
    def variables(self) -> list[str]:
        """Names or numbers of the body's variables, each once."""
        return list(dict.fromkeys(VARIABLE.findall(self.body)))

    def filled(self, values: Mapping[str, str]) -> str:
        """The body with the variables replaced."""
        return VARIABLE.sub(lambda m: values.get(m[1], m[0]), self.body)

    def wire(self) -> dict[str, Any]:
        """As `GET …/message_templates` lists it."""
        base = {"id": self.id, "name": self.name, "language": self.language, "status": self.status}
        return {**base, "category": self.category, "components": self.components}


def read(path: Path = FILE) -> list[Template]:
    """María's templates, all approved. A missing file means none."""
    if not path.exists():
        return []
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_from_yaml(entry, number) for number, entry in enumerate(content["templates"], start=1)]


def _from_yaml(entry: dict[str, Any], number: int) -> Template:
    components: list[Component] = []
    if entry["category"] == "AUTHENTICATION":
        components.append({"type": "BODY", "add_security_recommendation": True})
        components.append({"type": "FOOTER", "code_expiration_minutes": entry["code_expiration_minutes"]})
    else:
        samples = [[str(s) for s in entry.get("samples", [])]]
        components.append({"type": "BODY", "text": entry["body"], "example": {"body_text": samples}})
        if entry.get("footer"):
            components.append({"type": "FOOTER", "text": entry["footer"]})
    if entry.get("buttons"):
        components.append({"type": "BUTTONS", "buttons": [_button(b) for b in entry["buttons"]]})
    return Template(str(8800000000 + number), entry["name"], entry["language"], entry["category"], components)


def _button(button: Any) -> Component:
    if isinstance(button, str):
        return {"type": "QUICK_REPLY", "text": button}
    return {**button, "type": button["type"].upper()}
