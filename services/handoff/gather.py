"""What a person should know, gathered from what María did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from services.analytics.events import Analytics, Event
from services.clock import Clock
from services.contacts.service import Contacts
from services.handoff.model import Ask, Case, Fact, Proof
from services.handoff.rules import Route, Rules
from services.identity.masking import mask_phone
from services.identity.service import Identity
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.messaging.inbound import Kind
from services.messaging.tables import InboxRow
from services.payments.tables import PaymentRow
from services.service_requests.tables import ServiceRequestRow
from services.storage import Database

SPAN = timedelta(hours=24)
RECENT = timedelta(hours=1)
MOST_CONTRACTS, MOST_FACTS, MOST_SAID = 8, 6, 3


@dataclass
class Gatherer:
    """Reads; changes nothing."""

    database: Database
    clock: Clock
    contacts: Contacts
    identity: Identity
    analytics: Analytics
    rules: Rules
    formats: Formats
    texts: Texts

    async def case(self, ask: Ask, route: Route) -> Case:
        """The case of this moment."""
        requests, payments = await self._requests(ask.contact), await self._payments(ask.contact)
        happened = await self.analytics.of(ask.contact, self.clock.now() - SPAN)
        folios = [fact.blanks["folio"] for fact in requests if "folio" in fact.blanks]
        return Case(
            name=await self._name(ask.contact),
            phone_ending=mask_phone(ask.phone) if ask.phone else None,
            proofs=await self._proofs(ask),
            wanted=ask.errand,
            intent=ask.intent,
            done=(*requests, *payments, *self._events(happened, "done"))[:MOST_FACTS],
            failed=self._events(happened, "failed")[:MOST_FACTS],
            mood=ask.mood,
            aside=ask.aside,
            last_words=ask.words[:500],
            folio=folios[0] if folios else None,
            priority=route.priority,
            labels=route.labels,
            team=route.team,
        )

    async def said(self, contact: str) -> str:
        """The last things the citizen wrote, within the hour."""
        wrote = InboxRow.contact_id == contact, InboxRow.kind == Kind.TEXT.value
        query = select(InboxRow.message).where(*wrote, InboxRow.received_at > Clock().now() - RECENT)
        async with self.database.read() as session:
            rows = list(await session.scalars(query.order_by(InboxRow.id.desc()).limit(MOST_SAID)))
        return " / ".join(str(row.get("text") or "") for row in reversed(rows))[:500]

    async def _name(self, contact: str) -> str | None:
        """As they call themselves on the channel."""
        query = select(InboxRow.message).where(InboxRow.contact_id == contact).order_by(InboxRow.id.desc()).limit(10)
        async with self.database.read() as session:
            found = [m.get("sender", {}).get("profile_name") for m in await session.scalars(query)]
        return next((name for name in found if name), None)

    async def _proofs(self, ask: Ask) -> tuple[Proof, ...]:
        """The contract that is meant first, then the others that are followed or came up."""
        linked = {one.contract: one for one in await self.contacts.linked(ask.contact)}
        active = ask.contract or next((c for c, one in linked.items() if one.active), None)
        numbers = list(dict.fromkeys([*([active] if active else []), *linked, *ask.contracts]))[:MOST_CONTRACTS]
        return tuple(
            [
                Proof(
                    contract=number,
                    level=(await self.identity.level(ask.contact, number)).word,
                    nickname=linked[number].nickname if number in linked else None,
                    active=number == active,
                )
                for number in numbers
            ]
        )

    async def _requests(self, contact: str) -> list[Fact]:
        query = select(ServiceRequestRow).where(ServiceRequestRow.contact_id == contact)
        query = query.where(ServiceRequestRow.created_at > self.clock.now() - SPAN)
        async with self.database.read() as session:
            rows = list(await session.scalars(query.order_by(ServiceRequestRow.created_at.desc()).limit(MOST_FACTS)))
        faults, found = self.texts.table("fault_names"), []
        for row in rows:
            blanks = {"fault": faults.get(row.fault, row.fault), "place": row.place[:80]}
            if row.folio:
                found.append(Fact(kind="request", blanks={**blanks, "folio": row.folio}))
            elif row.status in ("unknown", "sending"):
                found.append(Fact(kind="request_unknown", blanks=blanks))
        return found

    async def _payments(self, contact: str) -> list[Fact]:
        query = select(PaymentRow).where(PaymentRow.contact_id == contact, PaymentRow.reference.is_not(None))
        query = query.where(PaymentRow.created_at > self.clock.now() - SPAN)
        async with self.database.read() as session:
            rows = list(await session.scalars(query.order_by(PaymentRow.created_at.desc()).limit(MOST_FACTS)))
        methods, states = self.texts.table("payment_methods"), self.texts.table("payment_states")
        return [
            Fact(
                kind="payment",
                blanks={
                    "method": methods.get(row.method, row.method),
                    "reference": str(row.reference),
                    "amount": self.formats.money(Decimal(row.amount_centavos) / 100),
                    "state": states.get(row.state, row.state),
                },
            )
            for row in rows
        ]

    def _events(self, happened: list[tuple[str, Event]], kind: str) -> tuple[Fact, ...]:
        """Errands that were done, or that failed and why; each once, the newest first."""
        titles, why = self.texts.table("errand_titles"), self.rules.note["why"]
        found: dict[str, Fact] = {}
        for _, event in reversed(happened):
            if event.kind == kind and event.name not in found:
                blanks = {"errand": titles.get(event.name, event.name).lower()}
                if kind == "failed":
                    reason = why.get(event.detail or "", why["other"])
                    blanks["why"] = f" ({reason})"
                found[event.name] = Fact(kind=f"errand_{kind}", blanks=blanks)
        return tuple(found.values())
