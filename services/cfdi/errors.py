"""What may go wrong with an invoice.

PacUnavailable (Unavailable)    the PAC does not answer; nothing was stamped
PacUnknown (UnknownOutcome)     no answer came; asking again with the same id finds out
PacRefused (Refused)            the PAC said no; `code` is the SAT's, e.g. CFDI40145
InvoicedOtherwise (Refused)     the payment or one of its bills is invoiced to another RFC
FiscalDataWrong (BadInput)      what was given cannot be right; its detail says which part
"""

from __future__ import annotations

from services.errors import BadInput, Refused, Unavailable, UnknownOutcome


class PacUnavailable(Unavailable):
    """Nothing was stamped."""


class PacUnknown(UnknownOutcome):
    """It may have been stamped."""


class PacRefused(Refused):
    """The PAC found something wrong with the document."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class InvoicedOtherwise(Refused):
    """A payment and a bill have one invoice; to make it out to somebody else it is cancelled first, by a person."""

    def __init__(self) -> None:
        super().__init__("this payment or one of its bills is invoiced to another RFC")


class FiscalDataWrong(BadInput):
    """One part cannot be right."""
