"""Make the invoice of a payment at the counter: `python -m services.cfdi.issue 7QK2M-8XW4T --rfc … --out folder`.

The person gives their fiscal data and agrees to its being kept; an operator types it. What was stamped is written to
the folder as XML and PDF; the same call again gives the same documents.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

import httpx
from sqlalchemy import select

from services.bootstrap import DATA, build_aquasis
from services.cfdi import fiscal, printed
from services.cfdi.bootstrap import build_invoices
from services.cfdi.kept import FiscalDrawer, fiscal_key
from services.cfdi.service import Document
from services.clock import Clock
from services.errors import ServiceError
from services.knowledge.texts import Texts
from services.payments import rows
from services.payments.model import PaymentOrder, State, id_prefix
from services.payments.tables import PaymentRow
from services.redis import connect
from services.settings import get_settings
from services.storage import Database

PARTS = ("rfc", "name", "postcode", "regime", "use")


async def find(db: Database, confirmation: str) -> PaymentOrder:
    """A payment that has arrived, by the number on its receipt.

    Raises:
        ValueError: there is none.
    """
    mine = PaymentRow.id.startswith(id_prefix(confirmation)), PaymentRow.state == State.PAID.value
    async with db.read() as session:
        found = [rows.payment_order(row) for row in await session.scalars(select(PaymentRow).where(*mine))]
    exact = [payment for payment in found if payment.confirmation == confirmation.upper()]
    if len(exact) != 1:
        raise ValueError("no payment has that number")
    return exact[0]


def write(folder: Path, documents: list[Document], texts: Texts) -> list[Path]:
    """XML and PDF of each."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for document in documents:
        path = folder / f"{document.uuid}.xml"
        path.write_bytes(document.xml)
        path.with_suffix(".pdf").write_bytes(printed.render(document.xml, texts))
        written.append(path)
    return written


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.cfdi.issue")
    parser.add_argument("confirmation")
    for name in PARTS:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--consent", required=True, help="the words the person agreed to")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args(words)


def _given(asked: argparse.Namespace) -> dict[str, str]:
    return {name: getattr(asked, name) for name in PARTS}


async def main() -> int:
    """Entry point."""
    asked, settings = _arguments(sys.argv[1:]), get_settings()
    db, redis = Database(settings.database_url), connect(settings.redis_url)
    async with httpx.AsyncClient() as http:
        try:
            aquasis = build_aquasis(settings, redis)
            invoices = build_invoices(settings, db, http, aquasis)
            drawer = FiscalDrawer(db, Clock(settings.timezone), fiscal_key(settings))
            payment, data = await find(db, asked.confirmation), fiscal.checked(**_given(asked))
            await drawer.keep(payment.contact_id, payment.contract, data, asked.consent)
            for path in write(asked.out, await invoices.invoice(payment, data), Texts(DATA / "texts.yml")):
                sys.stdout.write(f"{path}\n")
        except (ValueError, ServiceError) as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            return 1
        finally:
            await db.close()
            await redis.aclose()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
