"""The list of what a person must look into: odd money, and postings without a clear yes.

    python -m services.payments.reviews                                    what is open
    python -m services.payments.reviews show 12                            one, with the payment's history
    python -m services.payments.reviews close 12 accept --by ana --note …  decide; the worker carries it out

Decisions about money: `accept` (it is a payment after all), `returned` (it was given back). About a posting:
`booked` (the ledger has it), `again` (it surely has not: send it once more). Either: `nothing` (settled elsewhere).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.clock import Clock
from services.payments.gateway import GatewayOrder
from services.payments.tables import PaymentNoteRow, PaymentRow, PostingRow, ReviewRow
from services.settings import get_settings
from services.storage import Database
from services.storage.upsert import insert_new


class Decision(StrEnum):
    """What an operator found."""

    ACCEPT = "accept"
    RETURNED = "returned"
    BOOKED = "booked"
    AGAIN = "again"
    NOTHING = "nothing"


Case = dict[str, str | int | None]
ABOUT_MONEY = (Decision.ACCEPT, Decision.RETURNED, Decision.NOTHING)
ABOUT_POSTINGS = (Decision.BOOKED, Decision.AGAIN, Decision.NOTHING)


async def open_for_payment(
    session: AsyncSession, row: PaymentRow, reason: str, order: GatewayOrder, at: datetime
) -> None:
    """Money that does not fit; the same order for the same reason is one case."""
    amount = order.paid_centavos
    case: Case = {"order_id": order.id, "amount_centavos": amount, "currency": order.currency[:3], "posting_id": None}
    await _open(session, f"{row.id}:{reason}:{order.id}:{amount}", row.id, reason, case, at)


async def open_for_posting(session: AsyncSession, posting: PostingRow, at: datetime) -> None:
    """A posting that was refused, has no answer, or fits no bill."""
    reason = f"posting_{posting.status}"
    case: Case = {
        "order_id": None,
        "amount_centavos": posting.amount_centavos,
        "currency": "MXN",
        "posting_id": posting.id,
    }
    key = f"{posting.payment_id}:{reason}:{posting.id}:{posting.attempts}"
    await _open(session, key, posting.payment_id, reason, case, at)


async def _open(session: AsyncSession, key: str, payment_id: str, reason: str, case: Case, at: datetime) -> None:
    row = {"key": key, "payment_id": payment_id, "reason": reason, "opened_at": at, **case}
    await insert_new(session, ReviewRow, [row], ("key",))


async def open_cases(db: Database) -> list[ReviewRow]:
    """What nobody has decided on yet, oldest first."""
    query = select(ReviewRow).where(ReviewRow.decision.is_(None), ReviewRow.closed_at.is_(None))
    async with db.read() as session:
        return list(await session.scalars(query.order_by(ReviewRow.id)))


async def decide(db: Database, clock: Clock, case_id: int, decision: Decision, by: str, note: str = "") -> None:
    """Write an operator's decision down, once.

    Raises:
        ValueError: no such open case, or a decision that does not fit it.
    """
    async with db.begin() as session:
        case = await session.get(ReviewRow, case_id, with_for_update=True)
        if case is None or case.decision or case.closed_at:
            raise ValueError(f"no open case {case_id}")
        if decision not in (ABOUT_POSTINGS if case.posting_id else ABOUT_MONEY):
            raise ValueError(f"{decision.value} does not fit {case.reason}")
        case.decision, case.decided_by, case.note = decision.value, by, note or None
        case.decided_at = clock.now()


def _line(case: ReviewRow) -> str:
    pesos = f"{case.amount_centavos / 100:,.2f} {case.currency}"
    return f"{case.id:>6}  {case.opened_at:%Y-%m-%d %H:%M}  {case.reason:<18} {pesos:>16}  {case.payment_id}"


async def _list(db: Database) -> str:
    return "\n".join(_line(case) for case in await open_cases(db)) or "Nothing is open."


async def _show(db: Database, case_id: int) -> str:
    async with db.read() as session:
        case = await session.get(ReviewRow, case_id)
        if case is None:
            raise ValueError(f"no case {case_id}")
        payment = await session.get_one(PaymentRow, case.payment_id)
        notes = select(PaymentNoteRow).where(PaymentNoteRow.payment_id == payment.id).order_by(PaymentNoteRow.id)
        history = [f"  {n.at:%Y-%m-%d %H:%M:%S}  {n.what}  {n.reason or ''}" for n in await session.scalars(notes)]
    asked = f"asked {payment.amount_centavos / 100:,.2f} MXN by {payment.method}, received {payment.received}"
    where = f"contract {payment.contract}, reference {payment.reference}, order {case.order_id or payment.order_id}"
    return "\n".join([_line(case), asked, where, *history])


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m services.payments.reviews")
    parts = parser.add_subparsers(dest="what")
    parts.add_parser("list")
    parts.add_parser("show").add_argument("case", type=int)
    close = parts.add_parser("close")
    close.add_argument("case", type=int)
    close.add_argument("decision", choices=[d.value for d in Decision])
    close.add_argument("--by", required=True)
    close.add_argument("--note", default="")
    return parser.parse_args(words)


async def run(db: Database, clock: Clock, words: list[str]) -> str:
    """The command; what it prints."""
    asked = _arguments(words)
    if asked.what == "show":
        return await _show(db, asked.case)
    if asked.what == "close":
        await decide(db, clock, asked.case, Decision(asked.decision), asked.by, asked.note)
        return "Noted; the worker carries it out within a minute."
    return await _list(db)


async def main() -> int:
    """Entry point."""
    db = Database(get_settings().database_url)
    try:
        sys.stdout.write(await run(db, Clock(), sys.argv[1:]) + "\n")
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        await db.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
