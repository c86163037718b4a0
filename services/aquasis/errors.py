"""What may go wrong with the billing system.

AquasisDown (Unavailable)        no answer, a fault that is not about the question, circuit open
AquasisUnknown (UnknownOutcome)  a write left and no answer came
AquasisRefused (Refused)         `codigoError` other than 0, or a body that is not what it should be
ContractNotFound (NotFound)      empty body, or -501 in the debt service
"""

from __future__ import annotations

from services.errors import NotFound, Refused, Unavailable, UnknownOutcome


class AquasisDown(Unavailable):
    """It does not answer."""

    response = "utter_aquasis_down"


class AquasisUnknown(UnknownOutcome):
    """A write may have happened."""

    response = "utter_aquasis_unknown"


class AquasisRefused(Refused):
    """It understood and said no."""

    response = "utter_aquasis_refused"


class ContractNotFound(NotFound):
    """No such contract."""

    response = "utter_contract_not_found"
