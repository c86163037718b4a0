"""What was asked a moment ago, in Redis, for every process. A dead Redis only makes things slower."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from cryptography.fernet import Fernet, InvalidToken
from redis.asyncio import Redis
from redis.exceptions import RedisError

T = TypeVar("T")
FORMAT = "aq2"


class Cache:
    """Values by contract and kind. What lies in Redis is encrypted; one fetch serves all who wait."""

    def __init__(self, redis: Redis, key: bytes) -> None:
        self._redis = redis
        self._box = Fernet(key)
        self._flying: dict[tuple[str, str], asyncio.Future[Any]] = {}

    async def get(self, number: str, what: str, seconds: int, fetch: Callable[[], Awaitable[T]], kind: type) -> T:
        """The cached value, or `fetch()`'s, kept for `seconds`. Calls for the same thing share one fetch."""
        found = await self._read(number, what)
        if isinstance(found, kind):
            return cast(T, found)
        flight = self._flying.get((number, what))
        if flight is not None:
            return await asyncio.shield(flight)
        task = asyncio.ensure_future(self._fetch(number, what, seconds, fetch))
        self._flying[(number, what)] = task
        task.add_done_callback(lambda _: self._flying.pop((number, what), None))
        return await asyncio.shield(task)

    async def _fetch(self, number: str, what: str, seconds: int, fetch: Callable[[], Awaitable[T]]) -> T:
        value = await fetch()
        with contextlib.suppress(RedisError):
            await self._redis.set(_key(number, what), self._box.encrypt(pickle.dumps(value)), ex=seconds)
        return value

    async def _read(self, number: str, what: str) -> Any:
        try:
            sealed = await self._redis.get(_key(number, what))
            # Sealed by us with our own key: nothing else can put a pickle here.
            return pickle.loads(self._box.decrypt(sealed)) if sealed else None  # noqa: S301
        except (RedisError, InvalidToken, pickle.UnpicklingError, AttributeError, TypeError):
            return None

    async def drop(self, number: str, *kinds: str) -> None:
        """Forget these kinds of a contract, or all of them."""
        names = kinds or ("contract", "debt", "bills", "consumption", "readings", "point")
        with contextlib.suppress(RedisError):
            await self._redis.delete(*(_key(number, name) for name in names))


def _key(number: str, what: str) -> str:
    return f"{FORMAT}:{what}:{int(number)}"
