"""CFDI 4.0 documents, made with satcfdi: the income of a bill, and the payment complement (identity_cfdi.md D1, D2).

A bill is invoiced to be paid later (PPD, form 99) and each payment is a document of type P. That one rule holds for
whole, partial and several payments alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from satcfdi.cfdi import CFDI
from satcfdi.create.cfd import cfdi40

from services.cfdi.fiscal import FiscalData
from services.payments.model import Method

WATER, SERVICE_UNIT = "83101501", "E48"
FORMS = {Method.CASH: "01", Method.SPEI: "03"}  # c_FormaPago; a card's depends on its kind
CARD_FORMS = {"credit": "04", "debit": "28"}
LATER, UNDEFINED = "PPD", "99"
VAT, RATE = "002", "Tasa"


@dataclass(frozen=True)
class Issuer:
    """The utility as the SAT knows it. `vat` is the rate inside its prices: 0 for water in homes (LIVA 2-A)."""

    rfc: str
    name: str
    regime: str
    postcode: str
    vat: Decimal


@dataclass(frozen=True)
class Part:
    """A payment's share of an invoice that has been stamped. Pesos."""

    invoice: bytes
    number: int
    owed_before: Decimal
    paid: Decimal


def income(issuer: Issuer, receiver: FiscalData, folio: str, text: str, total: Decimal, at: datetime) -> bytes:
    """An unsigned income document of `total` pesos, tax included; `at` is local time at the issuer's."""
    net = (total / (1 + issuer.vat)).quantize(Decimal("0.01"))
    tax = cfdi40.Traslado(impuesto=VAT, tipo_factor=RATE, tasa_o_cuota=issuer.vat.quantize(Decimal("0.000001")))
    line = cfdi40.Concepto(
        clave_prod_serv=WATER,
        cantidad=Decimal(1),
        clave_unidad=SERVICE_UNIT,
        descripcion=text,
        valor_unitario=net,
        impuestos=cfdi40.Impuestos(traslados=tax),
    )
    made = cfdi40.Comprobante(
        emisor=_issuer(issuer),
        lugar_expedicion=issuer.postcode,
        receptor=_receiver(receiver),
        conceptos=[line],
        metodo_pago=LATER,
        forma_pago=UNDEFINED,
        serie="M",
        folio=folio,
        fecha=_plain(at),
    )
    return bytes(made.xml_bytes())


def form_of(method: Method, card_type: str | None) -> str:
    """The SAT's form of payment; a card that does not say what it is counts as debit."""
    return CARD_FORMS.get(card_type or "debit", "28") if method in (Method.CARD, Method.AUTO) else FORMS[method]


def payment(parts: Sequence[Part], form: str, paid_at: datetime, folio: str, at: datetime) -> bytes:
    """An unsigned payment document for parts of stamped invoices, all to the same receiver."""
    made = cfdi40.Comprobante.pago_comprobantes(
        comprobantes=[
            cfdi40.PagoComprobante(
                comprobante=CFDI.from_string(part.invoice),
                num_parcialidad=part.number,
                imp_saldo_ant=part.owed_before,
                imp_pagado=part.paid,
            )
            for part in parts
        ],
        fecha_pago=_plain(paid_at),
        forma_pago=form,
        serie="MP",
        folio=folio,
        fecha=_plain(at),
    )
    return bytes(made.xml_bytes())


def _plain(moment: datetime) -> datetime:
    """Local time without a zone and without fractions, as the standard writes it."""
    return moment.replace(tzinfo=None, microsecond=0)


def _issuer(issuer: Issuer) -> cfdi40.Emisor:
    return cfdi40.Emisor(rfc=issuer.rfc, nombre=issuer.name, regimen_fiscal=issuer.regime)


def _receiver(receiver: FiscalData) -> cfdi40.Receptor:
    return cfdi40.Receptor(
        rfc=receiver.rfc,
        nombre=receiver.name,
        domicilio_fiscal_receptor=receiver.postcode,
        regimen_fiscal_receptor=receiver.regime,
        uso_cfdi=receiver.use,
    )
