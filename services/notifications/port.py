"""What identity needs of the notification services."""

from __future__ import annotations

from typing import Protocol


class CodeSender(Protocol):
    """Sends a one-time code to a registered contact."""

    async def send_code(self, channel: str, address: str, code: str) -> None:
        """`channel` is sms or email.

        Raises:
            DeliveryFailed: it surely did not leave.
        """
