"""AGORA's tickets: their own token, their folio, their refusals; and our adapter against them."""

from __future__ import annotations

import httpx
import pytest

from sandbox.faults import Fault
from sandbox.world import World
from services.agora.tickets import AgoraRefused, AgoraTickets, AgoraUnknown, Ticket

TOKEN = "sandbox-agora-tickets"
FUGA = Ticket("Fuga", "Fuga. Nogal 8", "high", "leak", place="Nogal 8", latitude=20.6, longitude=-100.4)


@pytest.fixture
def http(api: httpx.AsyncClient) -> httpx.AsyncClient:
    api.base_url = httpx.URL("http://sandbox")
    return api


def tickets(http: httpx.AsyncClient, token: str = TOKEN, account: int = 2) -> AgoraTickets:
    return AgoraTickets(http, "http://sandbox/agora", account, token)


async def test_a_ticket_gets_agoras_folio_and_is_shown_on_the_page(http: httpx.AsyncClient) -> None:
    assert await tickets(http).create(FUGA) == "CEA-20418"
    assert await tickets(http).create(FUGA) == "CEA-20419"
    kept = (await http.get("/control/agora/tickets")).json()
    assert kept[0]["metadata"]["coordenadas"] == {"lat": 20.6, "lng": -100.4}
    assert kept[0]["folio"] == "CEA-20418"


@pytest.mark.parametrize(("token", "account"), [("sandbox-agora-bot", 2), ("sandbox-agora-user", 2), (TOKEN, 1)])
async def test_other_tokens_and_accounts_are_refused(http: httpx.AsyncClient, token: str, account: int) -> None:
    with pytest.raises(AgoraRefused):
        await tickets(http, token, account).create(FUGA)


async def test_a_ticket_without_words_is_refused(http: httpx.AsyncClient) -> None:
    with pytest.raises(AgoraRefused):
        await tickets(http).create(Ticket("", "x", "high", "leak"))


async def test_an_answer_that_is_lost_is_unknown(http: httpx.AsyncClient, world: World) -> None:
    world.faults.active = [Fault(system="agora", kind="drop")]
    with pytest.raises(AgoraUnknown):
        await tickets(http).create(FUGA)
    assert len((await http.get("/control/agora/tickets")).json()) == 1
