"""What may go wrong with auto-pay.

AutopayElsewhere (NotAllowed)   another chat already pays this contract by itself
CardRefused (Refused)           the gateway did not take the card
TooManyCards (NotAllowed)       more cards than anybody needs
"""

from __future__ import annotations

from services.errors import NotAllowed, Refused


class AutopayElsewhere(NotAllowed):
    """One contract, one auto-pay."""

    response = "utter_autopay_elsewhere"


class CardRefused(Refused):
    """The card was not saved."""

    response = "utter_autopay_card_refused"


class TooManyCards(NotAllowed):
    """Whoever tests stolen cards gets no further."""

    response = "utter_autopay_card_refused"
