"""Counting is shared, forgets in time, names nobody, and fails closed."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from services.limits.windows import Limit, LimitsDown, OverLimit, Windows, network

THREE = Limit("three", 3, 60)


async def test_enough_is_enough_for_one_and_not_for_another(redis: Redis) -> None:
    windows = Windows(redis, "pepper")
    for _ in range(3):
        await windows.take(THREE, "c1")
    with pytest.raises(OverLimit) as over:
        await windows.take(THREE, "c1")
    assert over.value.facts == {"limit": "three"}
    await windows.take(THREE, "c2")
    await windows.take(Limit("other", 1, 60), "c1")


async def test_many_at_once_do_not_slip_through(redis: Redis) -> None:
    windows = [Windows(redis, "pepper"), Windows(redis, "pepper")]
    asked = [windows[n % 2].take(THREE, "c1") for n in range(20)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, OverLimit) for answer in answers) == 17


async def test_a_window_ends_and_is_not_pushed_on_by_more_tries(redis: Redis) -> None:
    windows = Windows(redis, "pepper")
    await windows.take(THREE, "c1")
    (key,) = await redis.keys("limit:*")
    assert 0 < await redis.ttl(key) <= 60
    await redis.expire(key, 5)
    await windows.take(THREE, "c1")
    assert await redis.ttl(key) <= 5


async def test_redis_holds_no_address(redis: Redis) -> None:
    await Windows(redis, "pepper").take(THREE, "187.190.1.2")
    assert all(b"187" not in key for key in await redis.keys("*"))


async def test_without_redis_nothing_is_allowed() -> None:
    nobody = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.5)
    with pytest.raises(LimitsDown):
        await Windows(nobody, "pepper").take(THREE, "c1")
    await nobody.aclose()


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("187.190.1.2", "187.190.1.2"),
        ("2806:2f0:1:2:3:4:5:6", "2806:2f0:1:2::/64"),
        ("2806:2f0:1:2::9", "2806:2f0:1:2::/64"),
        ("", "unknown"),
        ("no address", "unknown"),
    ],
)
def test_a_customer_is_one_whatever_address_of_his_he_takes(address: str, counts_as: str) -> None:
    assert network(address) == counts_as
