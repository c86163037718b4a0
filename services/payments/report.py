"""The daily report: every payment that was made, changed or looked into on a day, as CSV.

    python -m services.payments.report 2026-11-24     of that day, to standard output
    python -m services.payments.report                of yesterday

It is worked out from the tables, so any day can be asked for at any time. It holds contract numbers: a file for
whoever keeps the books, never for a log.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from services.clock import Clock
from services.payments import rows
from services.payments.model import PaymentOrder, confirmation, pesos
from services.payments.sheets import table
from services.payments.tables import PaymentNoteRow, PaymentRow, PostingRow, ReviewRow
from services.settings import get_settings
from services.storage import Database

COLUMNS = (
    "confirmation payment order contract method asked received state reason created paid posting open_cases".split()
)


@dataclass(frozen=True)
class Report:
    """`csv` is the whole text; `totals` are counts and centavos by state, without anything personal."""

    day: date
    csv: str
    totals: dict[str, int]


async def daily(db: Database, clock: Clock, day: date) -> Report:
    """Of one calendar day in Querétaro."""
    start = datetime.combine(day, time(), clock.zone)
    touched = PaymentNoteRow.at >= start, PaymentNoteRow.at < start + timedelta(days=1)
    query = select(PaymentRow).where(PaymentRow.id.in_(select(PaymentNoteRow.payment_id).where(*touched)))
    async with db.read() as session:
        found = [rows.payment_order(row) for row in await session.scalars(query.order_by(PaymentRow.created_at))]
        ids = [payment.id for payment in found]
        postings = select(PostingRow.payment_id, PostingRow.status).where(PostingRow.payment_id.in_(ids))
        posted: dict[str, list[str]] = {}
        for payment_id, status in await session.execute(postings.order_by(PostingRow.id)):
            posted.setdefault(payment_id, []).append(status)
        cases = select(ReviewRow.payment_id).where(ReviewRow.payment_id.in_(ids), ReviewRow.closed_at.is_(None))
        opened = Counter(await session.scalars(cases))
    lines = [_line(clock, p, posted.get(p.id, []), opened[p.id]) for p in found]
    return Report(day, table([COLUMNS, *lines]), _totals(found))


def _line(clock: Clock, payment: PaymentOrder, postings: list[str], cases: int) -> list[str]:
    paid = clock.local(payment.paid_at).isoformat(timespec="seconds") if payment.paid_at else ""
    return [
        confirmation(payment.id),
        payment.id,
        payment.order_id or "",
        payment.contract,
        payment.method.value,
        f"{pesos(payment.amount_centavos):.2f}",
        f"{pesos(payment.received_centavos):.2f}",
        payment.state.value,
        payment.reason or "",
        clock.local(payment.created_at).isoformat(timespec="seconds"),
        paid,
        " ".join(postings),
        str(cases),
    ]


def _totals(found: list[PaymentOrder]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for payment in found:
        totals[payment.state.value] += 1
        totals["received_centavos"] += payment.received_centavos
    return dict(totals)


async def write_yesterdays(db: Database, clock: Clock, folder: Path) -> Report | None:
    """`payments-2026-11-24.csv` in `folder`, whole or not at all; None if it is there already."""
    day = clock.today() - timedelta(days=1)
    path = folder / f"payments-{day}.csv"
    if path.exists():
        return None
    report = await daily(db, clock, day)
    folder.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_text(report.csv, encoding="utf-8")
    half.replace(path)
    return report


async def main() -> int:
    """Entry point."""
    settings = get_settings()
    db, clock = Database(settings.database_url), Clock(settings.timezone)
    try:
        day = date.fromisoformat(sys.argv[1]) if sys.argv[1:] else clock.today() - timedelta(days=1)
        sys.stdout.write((await daily(db, clock, day)).csv)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        await db.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
