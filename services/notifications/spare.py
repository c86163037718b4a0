"""Takes back a reference whose bills somebody else has paid meanwhile, and says so: nobody pays them twice."""

from __future__ import annotations

from datetime import timedelta

import structlog

from services.aquasis.port import Aquasis
from services.billing.service import still_owed
from services.clock import Clock
from services.contacts.tables import ContactRow
from services.errors import ServiceError
from services.identity.masking import mask_contract
from services.knowledge.formats import Formats
from services.knowledge.texts import Texts
from services.messaging.outbound import Text
from services.messaging.outbox import URGENT_NOTICE, Draft, Outbox
from services.messaging.window import is_open
from services.payments.model import PaymentOrder, pesos
from services.payments.service import Payments
from services.storage import Database

log = structlog.get_logger(__name__)
LATELY = timedelta(minutes=30)  # after that the till and the billing system have to see to it


class SpareReferences:
    """Run every few seconds. What a person holds to pay a part or the rest of a bill stays."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        outbox: Outbox,
        payments: Payments,
        aquasis: Aquasis,
        formats: Formats,
        texts: Texts,
    ) -> None:
        self._db, self._clock, self._outbox = db, clock, outbox
        self._payments, self._aquasis = payments, aquasis
        self._formats, self._texts = formats, texts

    async def withdraw_due(self) -> int:
        """How many were taken back."""
        return sum([await self._look_at(order) for order in await self._payments.overtaken(LATELY)])

    async def _look_at(self, order: PaymentOrder) -> bool:
        """A system that is down, or money that comes in this very moment, leaves it as it is."""
        try:
            if await self._is_owed(order) or not await self._payments.withdraw(order.id):
                return False
        except ServiceError as error:
            log.info("spare_reference_stays", payment=order.id, error=type(error).__name__)
            return False
        await self._tell(order)
        return True

    async def _is_owed(self, order: PaymentOrder) -> bool:
        """Whether one of its bills is; what lies on no bill cannot be judged."""
        debt = await self._aquasis.debt(order.contract)
        _, left = still_owed(debt.total, debt.bills, await self._payments.bills_paid(order.contract))
        return not order.bills or bool({b.number for b in left} & {share.number for share in order.bills})

    async def _tell(self, order: PaymentOrder) -> None:
        facts = {"amount": self._formats.money(pesos(order.amount_centavos)), "ending": mask_contract(order.contract)}
        async with self._db.begin() as session:
            contact = await session.get(ContactRow, order.contact_id)
            if contact is None or not await is_open(session, contact, self._clock.now()):
                return
            body = self._texts.get("reference_spare", contact.register, **facts)
            draft = Draft(key=f"spare:{order.id}", message=Text(body=body), priority=URGENT_NOTICE)
            await self._outbox.write(session, contact.id, contact.channel, [draft])
