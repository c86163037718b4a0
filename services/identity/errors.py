"""What identity refuses."""

from __future__ import annotations

from services.errors import NotAllowed, NotFound


class TooManyContracts(NotAllowed):
    """One contact looked up more contracts than a household has."""

    response = "utter_too_many_contracts"


class StepLocked(NotAllowed):
    """Too many wrong tries; `until` is in the facts, as the citizen's clock shows it."""

    response = "utter_step_locked"


class TooManyCodes(NotAllowed):
    """Codes were sent too often."""

    response = "utter_too_many_codes"


class NothingRegistered(NotFound):
    """Aquasis has neither phone nor e-mail for this contract: no code can be sent."""

    response = "utter_nothing_registered"


class EvidenceMissing(NotAllowed):
    """The goal needs more than is held."""

    response = "utter_evidence_missing"
