"""Tables that citizens and bookkeepers open in a spreadsheet: no cell of them is run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

LEADING = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take these for formulas


def sheet(rows: Iterable[Iterable[str]]) -> bytes:
    """CSV, with the mark by which Excel knows UTF-8."""
    return table(rows).encode("utf-8-sig")


def table(rows: Iterable[Iterable[str]]) -> str:
    """CSV as text."""
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(LEADING) else cell
