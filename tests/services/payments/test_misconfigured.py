"""A key that Conekta does not take is nobody's refused payment: it cannot be done now, and is done once it can."""

from __future__ import annotations

import pytest

from services.payments.errors import Misconfigured, PaymentsUnavailable
from services.payments.model import CashReference, Method
from tests.services.payments.conftest import AMOUNT, BILLS, House
from tests.services.receipts.conftest import CONTRACT, Office, office  # noqa: F401


async def test_it_is_told_as_a_system_that_is_down(house: House) -> None:
    house.conekta.stranger = True
    with pytest.raises(PaymentsUnavailable) as down:
        await house.ask()
    assert isinstance(down.value, Misconfigured)
    assert (down.value.response, down.value.retryable) == ("utter_payments_down", True)
    house.conekta.stranger = False
    assert isinstance(await house.ask(), CashReference)


async def test_a_kept_request_waits_until_the_key_is_right_again(office: Office) -> None:  # noqa: F811
    await office.citizen()
    await office.kept.offer("c1", CONTRACT, Method.CASH, AMOUNT, BILLS)
    assert await office.kept.keep("c1")
    office.house.conekta.stranger = True
    assert await office.finisher.finish_due() == 0
    assert await office.said() == []
    office.house.conekta.stranger = False
    assert await office.finisher.finish_due() == 1
    assert len(await office.said()) == 1
