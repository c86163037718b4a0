"""What may go wrong with a payment.

PaymentsUnavailable (Unavailable)    the gateway does not answer, circuit open; nothing has happened
├── PaymentInProgress                the same request is being worked on right now
├── Misconfigured                    our key or the API's version is wrong: an alarm, nobody's card
PaymentUnknown (UnknownOutcome)      a reference may have been made; asking again finds it
PaymentRefused (Refused)             the gateway said no
├── AlreadyPaid                      the reference asked for has been paid
AmountTooSmall, AmountTooLarge       outside the limits; facts: `limit_centavos`
TooManyPayments (NotAllowed)         one contact asks for more than a person needs
WebhookRejected (NotAllowed)         a webhook that nobody can have signed
"""

from __future__ import annotations

from services.errors import BadInput, NotAllowed, NotFound, Refused, Unavailable, UnknownOutcome


class PaymentsUnavailable(Unavailable):
    """Nothing has happened; try later."""

    response = "utter_payments_down"


class PaymentInProgress(PaymentsUnavailable):
    """Somebody else is at it."""

    response = "utter_payment_in_progress"


class Misconfigured(PaymentsUnavailable):
    """The gateway does not know us; no citizen and no card has to do with it, and somebody here must mend it."""


class PaymentUnknown(UnknownOutcome):
    """It may have happened; the next request looks first."""

    response = "utter_payment_unknown"


class PaymentRefused(Refused):
    """The gateway said no."""

    response = "utter_payment_refused"


class AlreadyPaid(PaymentRefused):
    """The money has arrived already, or is being looked into."""

    response = "utter_payment_already_paid"


class OrderMissing(NotFound):
    """The gateway knows no such order."""

    response = "utter_payment_refused"


class AmountTooSmall(BadInput):
    """Below the least amount."""

    response = "utter_amount_too_small"


class AmountTooLarge(BadInput):
    """Above what this way of paying takes."""

    response = "utter_amount_too_large"


class TooManyPayments(NotAllowed):
    """More than somebody who pays water bills ever needs."""

    response = "utter_payment_too_many"


class WebhookRejected(NotAllowed):
    """Signature or form is wrong."""
