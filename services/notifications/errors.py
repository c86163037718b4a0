"""What may go wrong with a vendor."""

from __future__ import annotations

from services.errors import Unavailable


class DeliveryFailed(Unavailable):
    """The vendor refused it or did not answer."""

    response = "utter_code_not_sent"
