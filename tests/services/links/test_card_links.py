"""No link but ours opens anything, and ours opens one payment until its time is over."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer

from services.clock import FixedClock
from services.links.card import CardLinks, LinkInvalid, build_links
from services.settings import Settings

NOON = datetime(2026, 12, 7, 18, 0, tzinfo=UTC)
SECRET, OTHER = "a" * 40, "b" * 40
LINKS = CardLinks("https://pagos.example.mx/", [SECRET], FixedClock(NOON))
TOKEN = LINKS.token("0" * 31 + "f", NOON)

ids = st.text("0123456789abcdef", min_size=32, max_size=32)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(ids, moments)
def test_a_link_reads_back_to_the_second(payment: str, moment: datetime) -> None:
    link = LINKS.read(LINKS.token(payment, moment))
    assert (link.subject, link.expires_at) == (payment, moment.replace(microsecond=0))
    assert LINKS.is_over(link) == (link.expires_at <= NOON)


@given(st.data())
def test_whatever_is_changed_in_a_link_makes_it_invalid(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(TOKEN) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda c: c != TOKEN[place]))
    with pytest.raises(LinkInvalid):
        LINKS.read(TOKEN[:place] + letter + TOKEN[place + 1 :])


@given(st.text(max_size=300))
def test_anything_made_up_is_invalid(text: str) -> None:
    with pytest.raises(LinkInvalid):
        LINKS.read(text)


@given(ids, moments, st.integers(1, 10**9))
def test_a_later_end_cannot_be_written_in(payment: str, moment: datetime, seconds: int) -> None:
    signature = LINKS.token(payment, moment).rpartition(".")[2]
    later = f"{int(moment.timestamp()) + seconds:08x}"
    with pytest.raises(LinkInvalid):
        LINKS.read(f"{payment}-{later}.{signature}")


def test_a_link_signed_for_another_purpose_does_not_open_a_payment() -> None:
    other = Signer(SECRET, salt="maria.portal.identity", key_derivation="hmac", digest_method=hashlib.sha256)
    with pytest.raises(LinkInvalid):
        LINKS.read(other.sign(TOKEN.rpartition(".")[0]).decode())


def test_an_old_secret_still_opens_and_the_new_one_signs() -> None:
    both = CardLinks("https://x.mx", [OTHER, SECRET], FixedClock(NOON))
    assert both.read(TOKEN) == LINKS.read(TOKEN)
    with pytest.raises(LinkInvalid):
        LINKS.read(both.token("0" * 32, NOON))


def test_neither_amount_nor_contract_nor_person_stands_in_it() -> None:
    settings = Settings(_env_file=None, edge_url="https://pagos.example.mx")
    url = build_links(settings, FixedClock(NOON)).card("ab" * 16, NOON + timedelta(hours=1))
    assert url.startswith("https://pagos.example.mx/pagar/" + "ab" * 16 + "-")
    assert len(url) < 160
