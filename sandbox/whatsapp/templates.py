"""The WABA's templates: what exists, what may be created, and whether a template message fits its definition."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

from sandbox.whatsapp import definitions
from sandbox.whatsapp.definitions import VARIABLE, Template
from sandbox.whatsapp.errors import GraphError
from sandbox.whatsapp.shape import Shape, units
from sandbox.world import SandboxClock

REVIEW = timedelta(minutes=1)
BROKEN = re.compile(r"[\n\r\t]| {5,}")
NAME = re.compile(r"^[a-z0-9_]{1,512}$")
STATUS_ERRORS = {"PAUSED": 132015, "DISABLED": 132016}


class Templates:
    """All templates of the account, by name and language."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.all: dict[tuple[str, str], Template] = {}
        self.reload()

    def reload(self) -> None:
        """Back to the file's."""
        self.all = {(t.name, t.language): t for t in definitions.read()}

    def listed(self, name: str | None = None) -> list[Template]:
        """All, or those of one name; a new one is approved after a minute."""
        for template in self.all.values():
            if template.at and template.status == "PENDING" and self.clock.now() - template.at >= REVIEW:
                template.status = "APPROVED"
        return [t for t in self.all.values() if name in (None, t.name)]

    def find(self, name: str, language: str) -> Template:
        """An approved template.

        Raises:
            GraphError: 132001 if there is none in that language, 132015 paused, 132016 disabled.
        """
        template = next((t for t in self.listed(name) if t.language == language), None)
        if template is None or template.status in ("PENDING", "REJECTED"):
            raise GraphError(132001, f"template name ({name}) does not exist in {language}")
        if template.status in STATUS_ERRORS:
            raise GraphError(STATUS_ERRORS[template.status], f"template {name} is {template.status.lower()}")
        return template

    def create(self, body: Any) -> Template:
        """`POST …/message_templates`.

        Raises:
            GraphError: 100 for a definition the API does not take.
        """
        shape = Shape(body, "template", invalid=100)
        name, language = shape.text("name", 512) or "", shape.text("language", 10) or ""
        category = shape.choice("category", ("UTILITY", "MARKETING", "AUTHENTICATION"))
        if not NAME.match(name):
            raise shape.refuse("name", "may hold lower case letters, digits and underscores only.")
        if (name, language) in self.all:
            raise GraphError(100, f"There is already {language} content for this template.")
        components = [part.value for part in shape.children("components", 1, 4)]
        template = Template(
            str(secrets.randbelow(10**15)), name, language, category, components, "PENDING", self.clock.now()
        )
        if category != "AUTHENTICATION":
            _check_definition(template)
            self._check_twin(template)
        self.all[name, language] = template
        return template

    def _check_twin(self, new: Template) -> None:
        for other in self.all.values():
            if other.language == new.language and (other.body, other.footer) == (new.body, new.footer):
                raise GraphError(100, f"Body and footer are the same as in {other.name}.")


def _check_definition(template: Template) -> None:
    body = template.body
    if not body or units(body) > 1024:
        raise GraphError(100, "The body must have 1 to 1024 characters.")
    if re.match(r"^\s*\{\{", body) or re.search(r"\}\}\W*$", body):
        raise GraphError(100, "Variables can't be at the start or end of the template.")
    if template.variables and "example" not in template.part("BODY"):
        raise GraphError(100, "The body has variables and no example.")
    if units(template.footer or "") > 60:
        raise GraphError(100, "The footer must have at most 60 characters.")
    kinds = [str(b.get("type", "")).upper() for b in template.buttons]
    if len(kinds) > 10 or kinds.count("URL") > 2 or kinds.count("PHONE_NUMBER") > 1 or kinds.count("COPY_CODE") > 1:
        raise GraphError(100, "Too many buttons.")
    if any(not b.get("text") or units(b["text"]) > 25 for b in template.buttons if b.get("type") != "COPY_CODE"):
        raise GraphError(100, "A button's text must have 1 to 25 characters.")


def check_template(message: Shape, templates: Templates, bsuid: bool) -> Template:
    """Whether the message fits the definition.

    Raises:
        GraphError: 132001, 132000, 132012, 132005, 131062 … (reference/whatsapp.md, sections 4 and 6).
    """
    shape = message.child("template").only("name", "language", "components")
    language = shape.child("language").only("code", "policy").text("code", 10) or ""
    template = templates.find(shape.text("name", 512) or "", language)
    if bsuid and template.category == "AUTHENTICATION":
        raise GraphError(131062, "Authentication templates need the phone number.")
    parts = shape.children("components", 0, 20) if "components" in shape else []
    for part in parts:
        part.only("type", "parameters", "sub_type", "index").choice("type", ("header", "body", "button"))
    values = values_of(shape.value, template)
    if len(values) != len(template.variables):
        raise GraphError(
            132000,
            f"body: number of localizable_params ({len(values)}) does not match the expected number of params"
            f" ({len(template.variables)})",
        )
    for value in values.values():
        if not value or BROKEN.search(value):
            raise GraphError(
                132012,
                "Param text cannot be empty or have new-line/tab characters or more than 4 spaces in a row",
            )
    if units(template.filled(values)) > 1024:
        raise GraphError(132005, "The filled body is longer than 1024 characters.")
    _check_buttons([p for p in parts if p.value["type"] == "button"], template)
    return template


def values_of(message: dict[str, Any], template: Template) -> dict[str, str]:
    """The body's parameters by variable; a message with too many gets extra keys."""
    body: dict[str, Any] = next((c for c in message.get("components", []) if c["type"] == "body"), {})
    values: dict[str, str] = {}
    for number, parameter in enumerate(body.get("parameters", []), start=1):
        key = parameter.get("parameter_name", str(number))
        if key not in template.variables and number <= len(template.variables):
            raise GraphError(132012, f"There is no parameter {key} in {template.name}.")
        content = parameter.get(parameter.get("type", "text"), "")
        values[key] = str(content.get("fallback_value", "") if isinstance(content, dict) else content)
    return values


def _check_buttons(parts: list[Shape], template: Template) -> None:
    given: dict[int, Shape] = {}
    for part in parts:
        index = int(part.number("index", 0, 9))
        if index >= len(template.buttons):
            raise GraphError(132012, f"{template.name} has no button {index}.")
        part.children("parameters", 1, 1)
        given[index] = part
    for index, button in enumerate(template.buttons):
        _check_button(index, str(button["type"]).upper(), button, given.get(index))


def _check_button(index: int, kind: str, button: dict[str, Any], part: Shape | None) -> None:
    wants = {
        "QUICK_REPLY": "quick_reply",
        "URL": "url",
        "OTP": "url",
        "COPY_CODE": "copy_code",
        "FLOW": "flow",
    }.get(kind)
    needed = kind in ("OTP", "COPY_CODE") or (kind == "URL" and VARIABLE.search(button.get("url", "")))
    if part is None:
        if needed:
            raise GraphError(131008, f"Button at index {index} of type {kind} requires a parameter")
        return
    if part.value.get("sub_type") != wants:
        raise GraphError(132012, f"Button at index {index} is {kind}, not {part.value.get('sub_type')}.")
    parameter = part.children("parameters", 1, 1)[0]
    if kind == "OTP":
        parameter.text("text", 15)
    elif kind == "QUICK_REPLY":
        parameter.text("payload", 256)
