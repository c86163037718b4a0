"""The bill on paper: one page, what a household needs to read on it, and a barcode that gives the contract."""

from __future__ import annotations

from typing import Any

import pypdfium2
import zxingcpp

from sandbox.aquasis.bill_pdf import bill_pdf
from sandbox.aquasis.ledger import Ledger


def page_of(books: Ledger, contract: str) -> Any:
    account = books.account(contract)
    assert account
    pdf = pypdfium2.PdfDocument(bill_pdf(account, books.bills(account)[0], books.usage(account)))
    assert len(pdf) == 1
    return pdf[0]


def test_every_account_can_be_billed_and_there_are_sixty(books: Ledger) -> None:
    accounts = books.world.data.content.accounts
    assert len(accounts) >= 60
    for account in accounts:
        assert bill_pdf(account, books.bills(account)[0], books.usage(account)).startswith(b"%PDF-")


def test_it_says_who_what_how_much_and_until_when(books: Ledger) -> None:
    text = page_of(books, "455123").get_textpage().get_text_range()
    for words in ("MARTINEZ LUNA, ROSA", "455123", "$352.71", "6 de diciembre de 2026", "Octubre 2026", "IVA"):
        assert words in text


def test_the_barcode_holds_the_contract_as_printed(books: Ledger) -> None:
    for contract in ("0048213", "998877", "1004551234"):
        image = page_of(books, contract).render(scale=2).to_pil()
        assert [found.text for found in zxingcpp.read_barcodes(image)] == [contract]
