"""The approved templates, and what a template message must be (whatsapp.md section 4, template)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from sandbox.whatsapp.checks import GraphError, need

TEMPLATES = Path(__file__).parents[2] / "data" / "templates" / "whatsapp.yml"


def load() -> dict[tuple[str, str], dict[str, Any]]:
    """(name, language) → definition."""
    listed = yaml.safe_load(TEMPLATES.read_text(encoding="utf-8"))["templates"]
    return {(t["name"], t.get("language", "es_MX")): t for t in listed}


def check_template(approved: dict[tuple[str, str], dict[str, Any]], body: dict[str, Any]) -> None:
    """Exists in that language, right number of parameters, none with a line break."""
    part = need(body, "template")
    language = need(need(part, "language"), "code")
    known = approved.get((need(part, "name"), language))
    if known is None:
        raise GraphError(132001, "Template name does not exist in the translation", 404)
    if known["category"] == "AUTHENTICATION" and not body.get("to"):
        raise GraphError(131062, "Authentication templates need a phone number")
    given = [c for c in part.get("components", []) if c.get("type") == "body"]
    values = [str(p.get("text", "")) for c in given for p in c.get("parameters", [])]
    wanted = len(set(re.findall(r"\{\{(\d+)\}\}", known["body"])))
    if len(values) != wanted:
        raise GraphError(132000, f"Number of parameters does not match: expected {wanted}, got {len(values)}")
    if any(re.search(r"[\n\t]| {5,}", value) for value in values):
        raise GraphError(132012, "Parameter format does not match: new line, tab or more than four spaces")
