"""What a PAC refuses before it stamps: a broken form, another issuer, a receiver that the SAT does not know so."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from satcfdi.cfdi import CFDI
from satcfdi.exceptions import CFDIError


@dataclass(frozen=True)
class Taxpayer:
    """As in the SAT's list."""

    name: str
    postcode: str
    regimes: tuple[str, ...]


# Invented, with check digits that hold; the first is the SAT's own public test taxpayer.
TAXPAYERS = {
    "EKU9003173C9": Taxpayer("ESCUELA KEMPER URGATE", "42501", ("601",)),
    "MALR850612Q74": Taxpayer("ROSA MARTINEZ LUNA", "76110", ("605", "612", "616")),
    "TAA170914AB0": Taxpayer("TALLER ALAMEDA", "76040", ("601", "626")),
}


class Refusal(Exception):
    """`code` and words, as the PAC says them."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code} - {words}")


def read(xml: bytes) -> CFDI:
    """The document.

    Raises:
        Refusal: it is none.
    """
    try:
        return CFDI.from_xml(etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True)))
    except (etree.XMLSyntaxError, CFDIError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Refusal("301", "XML mal formado") from error


def check(document: CFDI, issuer: str) -> None:
    """Issuer and receiver.

    Raises:
        Refusal: with the SAT's code.
    """
    if document["Emisor"]["Rfc"] != issuer:
        raise Refusal("CFDI40138", "El RFC del emisor no es el del certificado")
    given = document["Receptor"]
    known = TAXPAYERS.get(str(given["Rfc"]))
    if known is None:
        raise Refusal("CFDI40143", "Este RFC del receptor no existe en la lista de RFC inscritos no cancelados del SAT")
    if given["Nombre"] != known.name:
        raise Refusal("CFDI40145", "El nombre del receptor no es el registrado en el SAT")
    if given["DomicilioFiscalReceptor"] != known.postcode:
        raise Refusal("CFDI40148", "El código postal no es el registrado en el SAT")
    if str(given["RegimenFiscalReceptor"]).split(" ")[0] not in known.regimes:
        raise Refusal("CFDI40158", "El régimen fiscal no es el registrado en el SAT")
