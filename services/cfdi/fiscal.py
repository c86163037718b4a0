"""Whom an invoice is for: RFC, name, postcode, regime and use, checked against the SAT's own catalogues (satcfdi)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from satcfdi.catalogs import select
from satcfdi.models.rfc import RFC, RFCType

from services.cfdi.errors import FiscalDataWrong

NOWHERE = "00000"  # in the catalogue, for those abroad
REGIMES, USES, POSTCODES = "C756_c_RegimenFiscal", "C756_c_UsoCFDI", "C756_c_CodigoPostal"
LONGEST_NAME = 254  # cfdv40.xsd, t_RazonSocial


@dataclass(frozen=True)
class FiscalData:
    """As on the taxpayer's *Constancia de Situación Fiscal*; the name without "SA DE CV" (identity_cfdi.md D2)."""

    rfc: str
    name: str
    postcode: str
    regime: str
    use: str


def rfc(text: str) -> str:
    """Upper case, without spaces and dashes, with its check digit verified. The generic ones name nobody.

    Raises:
        FiscalDataWrong: it cannot be right.
    """
    given = re.sub(r"[\s\-.]", "", text).upper()
    try:
        found = RFC(given)
        if found.is_generic() or not found.is_valid():
            raise ValueError(given)
    except ValueError as error:
        raise FiscalDataWrong("rfc") from error
    return str(found)


def is_company(of: str) -> bool:
    """Whether an RFC is a company's (twelve places) rather than a person's."""
    return bool(RFC(of).type is RFCType.MORAL)


def name(text: str) -> str:
    """Upper case, single spaces, as the PAC compares it.

    Raises:
        FiscalDataWrong: it cannot be right.
    """
    given = " ".join(text.upper().split())
    if not 2 <= len(given) <= LONGEST_NAME or not re.search(r"[A-ZÑ]{2}", given):
        raise FiscalDataWrong("name")
    return given


def postcode(text: str) -> str:
    """Five digits that the SAT knows.

    Raises:
        FiscalDataWrong: it cannot be right.
    """
    given = "".join(text.split())
    if not re.fullmatch(r"[0-9]{5}", given) or given == NOWHERE or select(POSTCODES, given) is None:
        raise FiscalDataWrong("postcode")
    return given


def regime(code: str, of: str) -> str:
    """A regime that exists and fits the kind of taxpayer.

    Raises:
        FiscalDataWrong: it cannot be right.
    """
    if select(REGIMES, code) is None or code not in (COMPANY_REGIMES if is_company(of) else PERSON_REGIMES):
        raise FiscalDataWrong("regime")
    return code


def use(code: str, under: str) -> str:
    """A use that exists and that the regime allows.

    Raises:
        FiscalDataWrong: it cannot be right.
    """
    allowed = USES_BY_REGIME.get(under, GENERAL)
    if select(USES, code) is None or code not in allowed:
        raise FiscalDataWrong("use")
    return code


_rfc, _name, _postcode = rfc, name, postcode


def _regime(code: str, of: str | None) -> str:
    """Of an RFC that is wrong itself nothing can be said; a regime that nobody has is wrong all the same."""
    if of is None:
        if code not in (*COMPANY_REGIMES, *PERSON_REGIMES):
            raise FiscalDataWrong("regime")
        return code
    return regime(code, of)


def _use(code: str, under: str | None) -> str:
    if under is None:
        if code not in GENERAL:
            raise FiscalDataWrong("use")
        return code
    return use(code, under)


def checked(*, rfc: str, name: str, postcode: str, regime: str, use: str) -> FiscalData:
    """All of it.

    Raises:
        FiscalDataWrong: the first part that cannot be right.
    """
    found, wrong = looked_at(rfc=rfc, name=name, postcode=postcode, regime=regime, use=use)
    if found is None:
        raise FiscalDataWrong(wrong[0])
    return found


def looked_at(*, rfc: str, name: str, postcode: str, regime: str, use: str) -> tuple[FiscalData | None, list[str]]:
    """The data, or every part that cannot be right, so that a form can show them all at once."""
    parts: dict[str, str] = {}
    wrong: list[str] = []
    checks: dict[str, Callable[[], str]] = {
        "rfc": lambda: _rfc(rfc),
        "name": lambda: _name(name),
        "postcode": lambda: _postcode(postcode),
        "regime": lambda: _regime(regime, parts.get("rfc")),
        "use": lambda: _use(use, parts.get("regime")),
    }
    for part, check in checks.items():
        try:
            parts[part] = check()
        except FiscalDataWrong:
            wrong.append(part)
    return (None, wrong) if wrong else (FiscalData(**parts), [])


def regime_words(code: str) -> str:
    """As the SAT's catalogue has it."""
    return str(select(REGIMES, code))


def use_words(code: str) -> str:
    """As the SAT's catalogue has it."""
    return str(select(USES, code))


# c_RegimenFiscal, columns "Física" and "Moral" of the SAT's catalogue; only those that somebody who pays for water has.
PERSON_REGIMES = ("605", "606", "608", "611", "612", "614", "615", "616", "621", "625", "626")
COMPANY_REGIMES = ("601", "603", "620", "622", "623", "624", "626")
# c_UsoCFDI, column "Régimen fiscal receptor": who has no expenses to deduct may only say "without fiscal effects".
GENERAL = ("G03", "S01")
USES_BY_REGIME = {"605": ("S01",), "616": ("S01",)}
