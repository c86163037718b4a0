"""Each page has links of its own, which live as long as its setting says and open nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from services.clock import FixedClock
from services.links.card import build_links
from services.links.pages import AutopayLinks, InvoiceLinks, PageLinks, PaymentLinks
from services.links.signed import LinkInvalid
from services.settings import Settings

NOON = datetime(2026, 12, 7, 18, 0, tzinfo=UTC)
SETTINGS = Settings(
    _env_file=None,
    edge_url="https://pagos.example.mx/",
    autopay_link_minutes=11,
    payments_page_minutes=12,
    invoice_link_minutes=13,
)
KINDS = {AutopayLinks: ("automatico", 11), PaymentLinks: ("pagos", 12), InvoiceLinks: ("factura", 13)}
SUBJECT = "ab" * 16


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_leads_to_its_page_until_its_minutes_are_over(kind: type[PageLinks]) -> None:
    clock = FixedClock(NOON)
    links = kind.build(SETTINGS, clock)
    start, _, token = links.page(SUBJECT).rpartition("/")
    path, minutes = KINDS[kind]
    assert start == f"https://pagos.example.mx/{path}"
    clock.advance(seconds=minutes * 60 - 1)
    assert (link := links.live(token)) and link.subject == SUBJECT
    clock.advance(seconds=1)
    assert links.live(token) is None


@pytest.mark.parametrize(("one", "other"), permutations(KINDS, 2))
def test_no_page_opens_with_the_link_to_another(one: type[PageLinks], other: type[PageLinks]) -> None:
    clock = FixedClock(NOON)
    token = one.build(SETTINGS, clock).page(SUBJECT).rpartition("/")[2]
    assert other.build(SETTINGS, clock).live(token) is None


@pytest.mark.parametrize("kind", KINDS)
def test_none_of_them_pays_and_a_payment_link_opens_none_of_them(kind: type[PageLinks]) -> None:
    clock = FixedClock(NOON)
    cards, links = build_links(SETTINGS, clock), kind.build(SETTINGS, clock)
    with pytest.raises(LinkInvalid):
        cards.read(links.page(SUBJECT).rpartition("/")[2])
    assert links.live(cards.token(SUBJECT, NOON + timedelta(hours=1))) is None
