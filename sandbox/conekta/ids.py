"""Ids in Conekta's manner."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def made_id(prefix: str) -> str:
    """`ord_2tVLUFrQBB4HKz1zj`."""
    return prefix + "2" + "".join(secrets.choice(ALPHABET) for _ in range(16))
