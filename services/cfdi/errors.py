"""What may go wrong with an invoice.

PacUnavailable (Unavailable)    the PAC does not answer; nothing was stamped
PacUnknown (UnknownOutcome)     no answer came; asking again with the same id finds out
PacRefused (Refused)            the PAC said no; `code` is the SAT's, e.g. CFDI40145
FiscalDataWrong (BadInput)      what the citizen gave cannot be right; its response says which part
"""

from __future__ import annotations

from services.errors import BadInput, Refused, Unavailable, UnknownOutcome


class PacUnavailable(Unavailable):
    """Nothing was stamped."""

    response = "utter_invoice_later"


class PacUnknown(UnknownOutcome):
    """It may have been stamped."""

    response = "utter_invoice_later"


class PacRefused(Refused):
    """The PAC found something wrong with the document."""

    response = "utter_invoice_refused"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FiscalDataWrong(BadInput):
    """One part cannot be right."""
