"""Tables for spreadsheets: readable accents, and nothing that runs."""

from __future__ import annotations

import csv
import io

import pytest

from services.payments.sheets import sheet


def read(made: bytes) -> list[list[str]]:
    assert made.startswith(b"\xef\xbb\xbf"), "without the mark Excel shows CategorÃ\xada"
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))


def test_what_goes_in_comes_out() -> None:
    rows = [["Forma de pago", "Monto"], ["depósito, en tienda", "1204.50"], ['con "comillas"', "línea\nnueva"]]
    assert read(sheet(rows)) == rows


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    ((first, second),) = read(sheet([[cell, "0048213"]]))
    assert (first, second) == (f"'{cell}", "0048213")
