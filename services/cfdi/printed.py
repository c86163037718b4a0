"""The printed form of a CFDI: what the law wants on it, with the SAT's QR (identity_cfdi.md D3). Words: texts.yml."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from satcfdi.cfdi import CFDI

from services.knowledge.texts import Texts

WIDTH, HEIGHT = letter
MARGIN, QR, LABELS = 48, 120, 150
BOLD, PLAIN, MONO = "Helvetica-Bold", "Helvetica", "Courier"
SEAL_LETTERS = 120  # letters of seven points in a line


def render(xml: bytes, texts: Texts) -> bytes:
    """One letter page.

    Raises:
        KeyError: it carries no stamp, so it is no CFDI and gets no printed form.
    """
    document = CFDI.from_string(xml)
    stamp = document["Complemento"]["TimbreFiscalDigital"]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter, invariant=True)
    canvas.setTitle(texts.get("cfdi_title"))
    canvas.setFont(BOLD, 15)
    canvas.drawString(MARGIN, HEIGHT - 60, texts.get("cfdi_title"))
    top = HEIGHT - 90.0
    for label, value in _facts(document, stamp, texts):
        top = _fact(canvas, top, label, value)
    _seals(canvas, document, stamp, texts)
    _qr(canvas, document.verifica_url)
    canvas.setFont(PLAIN, 8)
    canvas.drawString(MARGIN, 36, texts.get("cfdi_legend"))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _facts(document: CFDI, stamp: Any, texts: Texts) -> Iterator[tuple[str, str]]:
    """Label and value, from issuer to stamp."""
    labels, issuer, receiver = texts.table("cfdi_labels"), document["Emisor"], document["Receptor"]
    yield labels["issuer"], f"{issuer['Nombre']} · {issuer['Rfc']} · {issuer['RegimenFiscal']}"
    who = (receiver["Nombre"], receiver["Rfc"], receiver["DomicilioFiscalReceptor"])
    yield labels["receiver"], " · ".join(map(str, who))
    yield labels["regime"], f"{receiver['RegimenFiscalReceptor']} · {receiver['UsoCFDI']}"
    yield labels["kind"], str(document["TipoDeComprobante"])
    yield labels["folio"], f"{document['Serie']} {document['Folio']}"
    yield labels["issued"], f"{document['Fecha']} · {document['LugarExpedicion']}"
    if document.get("MetodoPago"):
        yield labels["method"], f"{document['MetodoPago']} · {document['FormaPago']}"
    for line in document["Conceptos"]:
        words = (line["ClaveProdServ"], line["Cantidad"], line["ClaveUnidad"], line["Descripcion"])
        yield labels["line"], f"{' · '.join(map(str, words))} · ${line['Importe']:,.2f} · {line['ObjetoImp']}"
    yield from _payments(document, labels)
    taxes = (document.get("Impuestos") or {}).get("TotalImpuestosTrasladados")
    if taxes is not None:
        yield labels["tax"], f"${taxes:,.2f}"
    yield labels["total"], f"${document['SubTotal']:,.2f} · ${document['Total']:,.2f} {document['Moneda']}"
    yield labels["uuid"], str(stamp["UUID"])
    yield labels["stamped"], f"{stamp['FechaTimbrado']} · {stamp['RfcProvCertif']}"
    yield labels["certificates"], f"{document['NoCertificado']} · {stamp['NoCertificadoSAT']}"


def _payments(document: CFDI, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    complement = document["Complemento"].get("Pagos")
    for paid in complement["Pago"] if complement else ():
        yield labels["paid"], f"{paid['FechaPago']} · {paid['FormaDePagoP']} · ${paid['Monto']:,.2f}"
        for part in paid["DoctoRelacionado"]:
            sums = f"${part['ImpSaldoAnt']:,.2f} - ${part['ImpPagado']:,.2f} = ${part['ImpSaldoInsoluto']:,.2f}"
            yield labels["part"], f"{part['IdDocumento']} · {part['NumParcialidad']} · {sums}"


def _fact(canvas: Canvas, top: float, label: str, value: str) -> float:
    canvas.setFont(PLAIN, 9)
    canvas.drawString(MARGIN, top, label)
    canvas.setFont(BOLD, 9)
    for line in simpleSplit(value, BOLD, 9, WIDTH - 2 * MARGIN - LABELS):
        canvas.drawString(MARGIN + LABELS, top, line)
        top -= 12
    return top - 3


def _seals(canvas: Canvas, document: CFDI, stamp: Any, texts: Texts) -> None:
    """The two seals and what was sealed, small, at the foot."""
    labels, top = texts.table("cfdi_labels"), 300.0
    source = _source(stamp)
    for label, value in (
        (labels["seal"], document["Sello"]),
        (labels["sat_seal"], stamp["SelloSAT"]),
        (labels["source"], source),
    ):
        canvas.setFont(BOLD, 7)
        canvas.drawString(MARGIN, top, label)
        canvas.setFont(MONO, 7)
        for line in textwrap.wrap(str(value), SEAL_LETTERS):
            top -= 9
            canvas.drawString(MARGIN, top, line)
        top -= 13


def _source(stamp: Any) -> str:
    """The stamp's *cadena original* (Anexo 20, TFD 1.1)."""
    names = ("Version", "UUID", "FechaTimbrado", "RfcProvCertif", "SelloCFD", "NoCertificadoSAT")
    values = [stamp[name].isoformat() if name == "FechaTimbrado" else str(stamp[name]) for name in names]
    return f"||{'|'.join(values)}||"


def _qr(canvas: Canvas, url: str) -> None:
    code = QrCodeWidget(url, barLevel="M")
    left, low, right, high = code.getBounds()
    drawing = Drawing(QR, QR, transform=[QR / (right - left), 0, 0, QR / (high - low), 0, 0])
    drawing.add(code)
    renderPDF.draw(drawing, canvas, WIDTH - MARGIN - QR, 48)
