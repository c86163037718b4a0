"""The front of `services.autopay`."""

from __future__ import annotations

from services.autopay.charging import Charging
from services.autopay.model import Card, Consent, Plan, Run
from services.autopay.plans import Ended, Plans
from services.autopay.telling import Telling
from services.autopay.wallet import Wallet
from services.autopay.words import Words


class Autopay:
    """Consents and cards for chat and portal; `look`, `charge_due` and `tidy` for the worker."""

    def __init__(self, plans: Plans, wallet: Wallet, telling: Telling, charging: Charging, words: Words) -> None:
        self._plans, self._wallet = plans, wallet
        self._telling, self._charging = telling, charging
        self.words = words

    async def plans(self, contact_id: str) -> list[Plan]:
        """What this chat pays by itself."""
        return await self._plans.of_contact(contact_id)

    async def start(self, contact_id: str, contract: str, cap_centavos: int | None, consent: Consent) -> Plan:
        """See `Plans.start`."""
        return await self._plans.start(contact_id, contract, cap_centavos, consent)

    async def stop(self, contact_id: str, contract: str | None, origin: str) -> list[Ended]:
        """See `Plans.stop`."""
        return await self._plans.stop(contact_id, contract, origin)

    async def skip(self, contact_id: str, contract: str | None) -> Run | None:
        """See `Plans.skip`."""
        return await self._plans.skip(contact_id, contract)

    async def last_run(self, contact_id: str, contract: str | None) -> Run | None:
        """See `Plans.last_run`."""
        return await self._plans.last_run(contact_id, contract)

    async def cards(self, contact_id: str) -> list[Card]:
        """Newest first."""
        return await self._wallet.cards(contact_id)

    async def add_card(self, contact_id: str, token: str) -> list[Plan]:
        """Save a card; the plans that came alive with it."""
        await self._wallet.add(contact_id, token)
        return await self._plans.card_came(contact_id)

    async def choose_card(self, contact_id: str, card_id: str) -> bool:
        """See `Wallet.choose`."""
        return await self._wallet.choose(contact_id, card_id)

    async def remove_card(self, contact_id: str, card_id: str) -> bool:
        """False if there is no such card. With the last one auto-pay ends."""
        left = await self._wallet.remove(contact_id, card_id)
        if left == 0:
            await self._plans.stop(contact_id, None, "card")
        return left is not None

    async def look(self) -> int:
        """Tell of the bills that fall due."""
        return await self._telling.look()

    async def charge_due(self) -> int:
        """Charge what was told of."""
        return await self._charging.charge_due()

    async def tidy(self) -> int:
        """Forget removed cards at the gateway too."""
        return await self._wallet.tidy()
