"""The checks behind the levels. What a citizen must do next is the dialogue's affair; what counts is decided here."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.aquasis.errors import ContractNotFound
from services.aquasis.model import Contract
from services.aquasis.port import Aquasis
from services.clock import Clock
from services.identity.attempts import Attempts
from services.identity.codes import CodeCheck, Codes
from services.identity.errors import EvidenceMissing, NothingRegistered, StepLocked, TooManyContracts
from services.identity.evidence import Evidence
from services.identity.masking import mask_email, mask_phone
from services.identity.policy import Level, Policy
from services.notifications.port import CodeSender
from services.storage import Database

OTHER_WAY = {"sms": "email", "email": "sms"}

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class SentCode:
    """Where a code went, masked, and until when it works."""

    channel: str
    masked: str
    expires_at: datetime
    resent: bool = False


@dataclass(frozen=True)
class ContactMatch:
    """Whether a typed phone or e-mail is registered."""

    ok: bool
    tries_left: int = 0


class Identity:
    """Evidence, not trust."""

    def __init__(
        self, db: Database, clock: Clock, policy: Policy, aquasis: Aquasis, sender: CodeSender, pepper: str
    ) -> None:
        self.policy = policy
        self._clock, self._aquasis, self._sender = clock, aquasis, sender
        self._evidence = Evidence(db, clock, policy)
        self._attempts = Attempts(db, clock)
        self._codes = Codes(db, clock, policy.limits.code, pepper)

    async def level(self, contact: str, contract: str) -> Level:
        """What is held now."""
        return await self._evidence.level(contact, contract)

    async def require(self, contact: str, contract: str, goal: str) -> None:
        """Refuse unless enough is held for `goal` in the chat.

        Raises:
            EvidenceMissing: not enough, or lapsed.
        """
        if await self.level(contact, contract) < self.policy.needed(goal):
            raise EvidenceMissing

    async def may_look_up(self, contact: str, number: str) -> set[str]:
        """The contracts this contact has seen today.

        Raises:
            TooManyContracts: the day's worth of contracts, or the hour's of unknown numbers, is spent.
        """
        limits = self.policy.limits
        seen = await self._attempts.subjects(contact, "contract", DAY)
        if number not in seen and len(seen) >= limits.contracts_per_day:
            raise TooManyContracts
        if await self._attempts.count(contact, "unknown", HOUR) >= limits.unknown_contracts_per_hour:
            raise TooManyContracts
        return seen

    async def see_contract(self, contact: str, number: str) -> Contract:
        """Level 1: Aquasis knows the number. Looking up many is limited, known or not.

        Raises:
            TooManyContracts: the day's or the hour's worth is spent.
            ContractNotFound: it does not exist.
        """
        seen = await self.may_look_up(contact, number)
        try:
            found = await self._aquasis.contract(number)
        except ContractNotFound:
            await self._attempts.note(contact, "unknown")
            raise
        if number not in seen:
            await self._attempts.note(contact, "contract", number)
        await self._evidence.gain(contact, number, Level.CONTRACT, "number")
        return found

    async def recognise(self, contact: str, contract: str, phone: str | None) -> bool:
        """Level 2 without a question: the number they write from is the registered one."""
        if await self.level(contact, contract) >= Level.CONTACT:
            return True
        if phone is None or phone not in (await self._aquasis.contract(contract)).phones:
            return False
        await self._evidence.gain(contact, contract, Level.CONTACT, "whatsapp")
        return True

    async def match_contact(self, contact: str, contract: str, typed: str) -> ContactMatch:
        """Level 2 by a registered phone or e-mail, typed.

        Raises:
            StepLocked: too many wrong ones.
        """
        limits = self.policy.limits.contact
        window = timedelta(minutes=limits.lock_minutes)
        wrong = await self._attempts.count(contact, "wrong_contact", window, contract)
        if wrong >= limits.tries:
            first = await self._attempts.oldest(contact, "wrong_contact", window, contract)
            raise StepLocked(until=(first or self._clock.now()) + window)
        known = await self._aquasis.contract(contract)
        registered = [*known.phones, *([known.email] if known.email else [])]
        if any(hmac.compare_digest(typed.lower().encode(), value.encode()) for value in registered):
            await self._attempts.clear(contact, "wrong_contact", contract)
            await self._evidence.gain(contact, contract, Level.CONTACT, "email" if "@" in typed else "phone")
            return ContactMatch(ok=True)
        await self._attempts.note(contact, "wrong_contact", contract)
        return ContactMatch(ok=False, tries_left=limits.tries - wrong - 1)

    async def send_code(self, contact: str, contract: str, prefer: str | None = None, again: bool = False) -> SentCode:
        """A code to a registered contact; one that still works is not doubled unless asked for.

        Args:
            contact: who asks.
            contract: for which contract.
            prefer: `sms` or `email`, when both are registered.
            again: the citizen asked for another; without `prefer` it goes the other way than the one before.

        Raises:
            StepLocked, TooManyCodes, NothingRegistered, and the sender's own errors.
        """
        if (until := await self._codes.locked_until(contact, contract)) is not None:
            raise StepLocked(until=until)
        live = await self._codes.live(contact, contract)
        if live is not None and not again:
            return SentCode(live.channel, live.masked, live.expires_at, resent=True)
        await self._codes.guard(contact, contract)
        known = await self._aquasis.contract(contract)
        channel, address, masked = _destination(known, prefer or (OTHER_WAY[live.channel] if live else None))
        code = await self._codes.make(contact, contract, channel, masked)
        await self._sender.send_code(channel, address, code)
        minutes = timedelta(minutes=self.policy.limits.code.minutes)
        return SentCode(channel, masked, self._clock.now() + minutes)

    async def check_code(self, contact: str, contract: str, typed: str) -> CodeCheck:
        """Level 3: the code. A locked step stays locked."""
        if (until := await self._codes.locked_until(contact, contract)) is not None:
            return CodeCheck(ok=False, locked_until=until)
        result = await self._codes.check(contact, contract, typed)
        if result.ok:
            await self._evidence.gain(contact, contract, Level.CONTACT, "code")
            await self._evidence.gain(contact, contract, Level.OTP, "code")
        return result

    async def cancel_code(self, contact: str, contract: str) -> None:
        """The citizen did not ask for it."""
        await self._codes.cancel(contact, contract)

    async def forget(self, contact: str, contract: str | None = None) -> None:
        """Evidence ends: contact data were changed, or the person asked to be forgotten."""
        await self._evidence.drop(contact, contract)


def _destination(known: Contract, prefer: str | None) -> tuple[str, str, str]:
    ways = [("sms", phone, mask_phone(phone)) for phone in known.phones[:1]]
    if known.email:
        ways.append(("email", known.email, mask_email(known.email)))
    if not ways:
        raise NothingRegistered
    return next((way for way in ways if way[0] == prefer), ways[0])
