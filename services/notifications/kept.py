"""Finishes kept requests once the gateway answers again, and sends the reference to the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from services.aquasis.port import Aquasis
from services.clock import Clock
from services.contacts.tables import ContactRow
from services.errors import ServiceError, Unavailable
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.links.card import CardLinks
from services.messaging.media import media_row
from services.messaging.outbound import Image, LinkButton, Outbound, Text
from services.messaging.outbox import URGENT_NOTICE, Draft, Outbox
from services.payments.kept import DONE, OVER, Kept, KeptRequests
from services.payments.model import CardCheckout, CashReference, Reference, SpeiReference, State, centavos
from services.payments.service import Payments
from services.receipts.voucher import Vouchers
from services.storage import Database

PNG = "image/png"


class KeptReferences:
    """Run every few seconds."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        outbox: Outbox,
        payments: Payments,
        aquasis: Aquasis,
        links: CardLinks,
        formats: Formats,
        texts: Texts,
    ) -> None:
        self._db, self._clock, self._outbox = db, clock, outbox
        self._kept, self._payments, self._aquasis = KeptRequests(db, clock), payments, aquasis
        self._links, self._formats, self._texts = links, formats, texts
        self._vouchers = Vouchers(clock, formats, texts)

    async def finish_due(self) -> int:
        """How many came to an end, one way or the other."""
        done = [await self._finish(kept) for kept in await self._kept.waiting()]
        return sum(done)

    async def _finish(self, kept: Kept) -> bool:
        """While a system is down it goes on waiting, until it is too old to be of use."""
        try:
            debt = await self._aquasis.debt(kept.contract)
            overtaken = await self._overtaken(kept)
            if debt.blocked or centavos(debt.total) < kept.amount_centavos or overtaken is State.PAID:
                return await self._say(kept, OVER, "kept_no_longer")
            if overtaken is State.PENDING:
                return await self._drop(kept)
            reference = await self._payments.create_reference(
                kept.contact_id, kept.contract, kept.method, kept.amount_centavos, kept.bills, f"kept:{kept.id}"
            )
        except Unavailable:
            return self._kept.is_over(kept) and await self._say(kept, OVER, "kept_too_long")
        except ServiceError:
            return await self._say(kept, OVER, "kept_no_longer")
        return await self._hand_over(kept, reference)

    async def _overtaken(self, kept: Kept) -> State | None:
        """`PAID` if the contract was paid since; `PENDING` if this chat has got another reference for it since."""
        for order in await self._payments.history(kept.contract):
            if order.paid_at is not None and order.paid_at > kept.created_at:
                return State.PAID
            mine = order.contact_id == kept.contact_id and order.created_at > kept.created_at
            other = (order.method, order.amount_centavos) != (kept.method, kept.amount_centavos)
            if mine and other and order.state is State.PENDING:
                return State.PENDING
        return None

    async def _drop(self, kept: Kept) -> bool:
        """Without a word: the citizen has in hand what was asked for later, and it must not be taken back."""
        async with self._db.begin() as session:
            return await self._close(session, kept, OVER, None, [])

    async def _say(self, kept: Kept, state: str, key: str) -> bool:
        async with self._db.begin() as session:
            contact = await session.get(ContactRow, kept.contact_id)
            body = self._texts.get(key, contact.register if contact else "usted")
            return await self._close(session, kept, state, contact, [Text(body=body)])

    async def _hand_over(self, kept: Kept, reference: Reference) -> bool:
        """The reference and the end of the request in one transaction: it is sent once."""
        medium = None
        if isinstance(reference, CashReference):
            picture = await asyncio.to_thread(self._vouchers.png, reference)
            medium = media_row(picture, PNG, "referencia.png", kept.contact_id, self._clock.now())
        async with self._db.begin() as session:
            contact = await session.get(ContactRow, kept.contact_id)
            if medium is not None:
                session.add(medium)
            messages = self._messages(reference, medium.id if medium else "", contact.register if contact else "usted")
            return await self._close(session, kept, DONE, contact, messages)

    def _messages(self, reference: Reference, media: str, register: str) -> list[Outbound]:
        if isinstance(reference, CashReference):
            return [Image(media=media, caption=self._cash(reference, register))]
        if isinstance(reference, CardCheckout):
            body = self._texts.get("kept_card", register, **self._facts(reference))
            url = self._links.card(reference.payment_id, reference.expires_at)
            return [LinkButton(body=body, title=self._texts.get("card_button"), url=url)]
        return self._transfer(reference, register)

    async def _close(
        self, session: AsyncSession, kept: Kept, state: str, contact: ContactRow | None, messages: Sequence[Outbound]
    ) -> bool:
        await session.execute(self._kept.closing(kept, state))
        if contact is not None:
            drafts = [
                Draft(key=f"kept:{kept.id}:{place}", message=message, priority=URGENT_NOTICE)
                for place, message in enumerate(messages)
            ]
            await self._outbox.write(session, contact.id, contact.channel, drafts)
        return True

    def _facts(self, reference: Reference) -> dict[str, str]:
        return {
            "amount": self._formats.money(Decimal(reference.amount_centavos) / 100),
            "until": self._formats.day(self._clock.local(reference.expires_at).date()),
        }

    def _cash(self, reference: CashReference, register: str) -> str:
        stores = self._vouchers.stores(reference)
        return self._texts.get(
            "kept_cash", register, reference=reference.grouped, stores=stores, **self._facts(reference)
        )

    def _transfer(self, reference: SpeiReference, register: str) -> list[Outbound]:
        """The CLABE alone in a message of its own, to be copied."""
        holder = reference.beneficiary or self._texts.get("beneficiary")
        facts = {"bank": reference.bank, "holder": holder, **self._facts(reference)}
        return [Text(body=self._texts.get("kept_spei", register, **facts)), Text(body=reference.clabe)]
