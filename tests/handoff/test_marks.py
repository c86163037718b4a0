"""Markdown and WhatsApp's marks; Liquid stays what it is."""

from __future__ import annotations

import pytest

from handoff.marks import to_markdown, to_whatsapp, without_liquid


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**negritas** y *cursivas* y _más_", "*negritas* y _cursivas_ y _más_"),
        ("~~tachado~~", "~tachado~"),
        ("## Título", "*Título*"),
        ("* uno\n* dos", "- uno\n- dos"),
        ("1. uno\n2. dos", "1. uno\n2. dos"),
        ("[aquí](https://cea.example/a_b_c)", "aquí: https://cea.example/a_b_c"),
        ("[https://cea.example](https://cea.example)", "https://cea.example"),
        ("![plano](https://cea.example/p.png)", "https://cea.example/p.png"),
        ("[@Laura](mention://user/31/Laura) lo ve", "@Laura lo ve"),
        ("cuesta \\*mucho\\* y 2\\_3", "cuesta *mucho* y 2_3"),
        ("uno\\\ndos", "uno\ndos"),
        ("`**igual**`", "`**igual**`"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("", ""),
    ],
)
def test_what_an_agent_writes_reads_well_on_whatsapp(written: str, shown: str) -> None:
    assert to_whatsapp(written) == shown


def test_what_maria_wrote_reads_well_in_agora() -> None:
    assert to_markdown("Se deben *$352.71* en ~casa~") == "Se deben **$352.71** en ~~casa~~"
    assert to_markdown("2*3*4 y 5 * 6") == "2*3*4 y 5 * 6"


@pytest.mark.parametrize("text", ["{{contact.email}}", "{% if x %}", "{{{", "a {{b}} c", "}}{{"])
def test_liquid_is_broken_up(text: str) -> None:
    safe = without_liquid(text)
    assert "{{" not in safe
    assert "{%" not in safe
    assert safe.replace("\u200b", "") == text
