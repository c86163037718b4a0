"""The page of saved cards: a card typed in Conekta's frame, several cards, and the end of auto-pay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import lxml.html
import pytest
import pytest_asyncio
from sqlalchemy import select

from runtime.payments import build_edge_autopay
from services.autopay.model import Consent
from services.autopay.service import Autopay
from services.contacts.tables import ContactRow
from services.links.card import build_links
from services.links.pages import AutopayLinks
from services.messaging.tables import OutboxRow
from services.storage.base import new_id
from tests.portal_lite.stand import Stand, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")
CONSENT = Consent("2026-11", "Autorizo…")
CARD = {"name": "Rosa Martinez", "cvc": "123", "exp_month": "12", "exp_year": "40"}


class Household:
    """A contact with auto-pay waiting for its card, and the link María sent."""

    def __init__(self, stand: Stand) -> None:
        self.stand, self.contact, self.contract = stand, new_id(), f"66{next(stand.numbers):03}8213"
        self.autopay: Autopay = build_edge_autopay(stand.parts, stand.payments)
        self.links = AutopayLinks.build(stand.settings, stand.clock)
        self.url = self.links.page(self.contact)

    async def agree(self) -> None:
        now = self.stand.clock.now()
        async with self.stand.parts.database.begin() as session:
            session.add(ContactRow(id=self.contact, channel="whatsapp", register="usted", created_at=now))
        await self.autopay.start(self.contact, self.contract, None, CONSENT)

    async def token(self, number: str = "4242424242424242") -> str:
        """As Conekta's frame does it."""
        async with httpx.AsyncClient() as frame:
            headers = {"Authorization": f"Bearer {self.stand.settings.conekta_public_key}"}
            url = f"{self.stand.settings.conekta_url}/tokens"
            answer = await frame.post(url, json={"card": {**CARD, "number": number}}, headers=headers)
            return str(answer.json()["id"])

    async def add(self, visitor: Visitor, number: str = "4242424242424242") -> httpx.Response:
        opened = await visitor.get(self.url)
        return await send(visitor, opened, "tarjeta", card_token=await self.token(number))


async def send(visitor: Visitor, opened: httpx.Response, path: str, place: int = 0, **typed: str) -> httpx.Response:
    """One of the page's forms."""
    forms = lxml.html.fromstring(opened.text).xpath(f"//form[contains(@action, '/{path}')]")
    hidden = {i.get("name"): i.get("value") for i in forms[place].xpath(".//input[@type='hidden']")}
    return await visitor.http.post(str(opened.url.join(forms[place].get("action"))), data={**hidden, **typed})


@pytest_asyncio.fixture(loop_scope="module")
async def household(stand: Stand) -> AsyncIterator[Household]:
    made = Household(stand)
    await made.agree()
    yield made


async def test_a_card_brings_the_consent_to_life_and_the_chat_hears_of_it(
    household: Household, visitor: Visitor
) -> None:
    said = await household.add(visitor)
    assert "Tarjeta guardada" in said.text
    assert "Visa que termina en 4242" in said.text
    (plan,) = await household.autopay.plans(household.contact)
    assert plan.contract == household.contract
    async with household.stand.parts.database.read() as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.contact_id == household.contact))
        assert ["ya está activo" in row.message["body"] for row in rows] == [True]


async def test_several_cards_another_default_and_removal(household: Household, visitor: Visitor) -> None:
    await household.add(visitor)
    opened = await household.add(visitor, "4000000000002701")
    opened = await send(visitor, opened, "usar")
    assert "esa es la tarjeta que se cobra" in opened.text
    assert [card.last4 for card in await household.autopay.cards(household.contact) if card.is_default] == ["4242"]
    opened = await send(visitor, opened, "borrar", place=0)
    assert "Tarjeta borrada" in opened.text
    opened = await send(visitor, opened, "quitar")
    assert "ya no se cobra nada solo" in opened.text
    assert await household.autopay.plans(household.contact) == []


async def test_a_token_that_conekta_does_not_know_is_said_kindly(household: Household, visitor: Visitor) -> None:
    opened = await visitor.get(household.url)
    assert "no se pudo guardar" in (await send(visitor, opened, "tarjeta", card_token="tok_made_up")).text
    token = await household.token()
    assert "Tarjeta guardada" in (await send(visitor, opened, "tarjeta", card_token=token)).text
    assert "no se pudo guardar" in (await send(visitor, opened, "tarjeta", card_token=token)).text


async def test_another_visitors_form_and_another_purposes_link_open_nothing(
    household: Household, visitor: Visitor
) -> None:
    opened = await visitor.get(household.url)
    stranger = Visitor()
    answer = await send(stranger, opened, "tarjeta", card_token=await household.token())
    assert answer.status_code == 403
    await stranger.http.aclose()
    pay = build_links(household.stand.settings, household.stand.clock)
    other = pay.token(household.contact, household.stand.clock.now() + timedelta(hours=1))
    assert (await visitor.get(f"{household.stand.settings.edge_url}/automatico/{other}")).status_code == 410
    changed = household.url.replace(household.contact, new_id())
    assert (await visitor.get(changed)).status_code == 410


async def test_the_link_lives_half_an_hour(household: Household, visitor: Visitor) -> None:
    household.stand.world.clock.offset = household.stand.clock.offset = timedelta(minutes=31)
    over = await visitor.get(household.url)
    assert over.status_code == 410
    assert "ya venció" in over.text


async def test_whoever_tries_card_after_card_is_stopped(household: Household, visitor: Visitor) -> None:
    opened = await visitor.get(household.url)
    answers = [(await send(visitor, opened, "tarjeta", card_token="tok_x")).status_code for _ in range(9)]
    assert answers[-1] == 429


async def test_only_this_page_lets_conekta_in(household: Household, visitor: Visitor) -> None:
    opened = await visitor.get(household.url)
    policy = opened.headers["content-security-policy"]
    assert f"frame-src {household.stand.settings.conekta_component_origins}" in policy
    assert "unsafe" not in policy
    over = await visitor.get(household.url + "x")
    assert "frame-src" not in over.headers["content-security-policy"]
