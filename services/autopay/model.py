"""Auto-pay in María's own words. Money is whole centavos of MXN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.autopay.tables import AutopayCardRow, AutopayPlanRow, AutopayRunRow


class PlanState(StrEnum):
    """Where a consent stands."""

    WAITING = "waiting"  # given, but there is no card yet
    ACTIVE = "active"
    STOPPED = "stopped"


class RunState(StrEnum):
    """What has become of one bill. All but `TOLD` are final."""

    TOLD = "told"  # the citizen knows; it will be charged
    SKIPPED = "skipped"  # the citizen stopped this one
    STOPPED = "stopped"  # the citizen ended auto-pay
    NOT_CHARGED = "not_charged"  # over the cap, changed, or no usable card
    OTHERWISE = "otherwise"  # it is paid already
    PAID = "paid"
    FAILED = "failed"  # three tries, three refusals
    REVIEW = "review"  # money that a person must look into


class Why(StrEnum):
    """Why a bill was not charged; the words are `autopay_why` in `data/texts.yml`."""

    CAP = "cap"
    CHANGED = "changed"
    CARD = "card"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    LATE = "late"
    AMOUNT = "amount"
    PARTLY = "partly"  # a part of it is paid
    BANK = "bank"  # the bank wants the citizen to confirm it, and nobody is there


@dataclass(frozen=True)
class Consent:
    """What was agreed to, word for word."""

    version: str
    text: str


@dataclass(frozen=True)
class SavedCard:
    """A card as the gateway tells it."""

    id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True)
class Card:
    """A saved card as it may be shown. `id` is ours; `source` is the gateway's pair of customer and card."""

    id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    is_default: bool
    source: tuple[str, str]

    def is_over(self, day: date) -> bool:
        """Whether it has run out by then; a card holds to the end of its month."""
        return (self.exp_year, self.exp_month) < (day.year, day.month)


@dataclass(frozen=True)
class Run:
    """One bill under auto-pay."""

    id: str
    contract: str
    bill: str
    month: date
    due: date
    amount_centavos: int
    state: RunState
    tries: int
    next_at: datetime
    reason: str | None = None


@dataclass(frozen=True)
class Plan:
    """One contract under auto-pay, with what comes next and which card pays it."""

    id: str
    contact_id: str
    contract: str
    state: PlanState
    cap_centavos: int | None
    consent: Consent
    consented_at: datetime
    card: Card | None = None
    next_run: Run | None = None


def card(row: AutopayCardRow) -> Card:
    """From its row."""
    source = (row.customer_id, row.source_id)
    return Card(row.id, row.brand, row.last4, row.exp_month, row.exp_year, row.is_default, source)


def run(row: AutopayRunRow) -> Run:
    """From its row."""
    return Run(
        id=row.id,
        contract=row.contract,
        bill=row.bill,
        month=date.fromisoformat(f"{row.month}-01"),
        due=row.due,
        amount_centavos=row.amount_centavos,
        state=RunState(row.state),
        tries=row.tries,
        next_at=row.next_at,
        reason=row.reason,
    )


def plan(row: AutopayPlanRow, its_card: Card | None = None, next_run: Run | None = None) -> Plan:
    """From its row."""
    return Plan(
        id=row.id,
        contact_id=row.contact_id,
        contract=row.contract,
        state=PlanState(row.state),
        cap_centavos=row.cap_centavos,
        consent=Consent(row.consent_version, row.consent_text),
        consented_at=row.consented_at,
        card=its_card,
        next_run=next_run,
    )
