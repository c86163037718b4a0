"""The billing system as the rest of María sees it: our types, side-by-side calls, caches."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from services.aquasis import mapping
from services.aquasis.cache import Cache
from services.aquasis.errors import AquasisRefused
from services.aquasis.model import (
    Bill,
    Consumption,
    Contract,
    Debt,
    OrderStatus,
    Reading,
    ServicePoint,
    WorkOrder,
)
from services.aquasis.requests import wire_number, work_order
from services.aquasis.soap import CONTRACTS, DEBT, METERS, ORDERS, VIRTUAL_OFFICE, SoapClient
from services.aquasis.wire import check
from services.errors import ServiceError

T = TypeVar("T")
LANGUAGE = "es"
WHO = "ChatBot"  # 2.2: what AGORA sends as `atencionDe`
CONTRACT_SECONDS = 15 * 60
HISTORY_SECONDS = 15 * 60
DEBT_SECONDS = 60


class AquasisClient:
    """Implements `services.aquasis.port.Aquasis` over SOAP."""

    def __init__(self, soap: SoapClient, cache: Cache) -> None:
        self._soap, self._cache = soap, cache

    async def contract(self, number: str) -> Contract:
        """Start of every flow: gives the zone, without which the other services answer empty."""
        found = await self._cache.get(number, "contract", CONTRACT_SECONDS, lambda: self._contract(number), Contract)
        return replace(found, number=number)  # cached once, shown with the zeros this citizen wrote

    async def _contract(self, number: str) -> Contract:
        answer = await self._soap.read(
            CONTRACTS, "consultaDetalleContrato", numeroContrato=[wire_number(number)], idioma=LANGUAGE
        )
        return mapping.contract(number, answer)

    async def debt(self, number: str) -> Debt:
        """Total, bills and the charge block, asked side by side."""
        return await self._cache.get(number, "debt", DEBT_SECONDS, lambda: self._debt(number), Debt)

    async def _debt(self, number: str) -> Debt:
        """Asked at once, beside the contract's details, without the zone (optional in the debt service, W).

        Whether that service minds a missing zone is unknown (3.8): a debt it finds is this contract's, but a zero
        is believed only where the answer names the contract's own zone, else it is asked again with the zone. An
        unknown contract is unknown to both.
        """
        first, known = await asyncio.gather(self._ask_debt(number, None), self.contract(number), return_exceptions=True)
        if isinstance(known, BaseException):
            raise known
        if isinstance(first, Debt) and (first.total != 0 or first.zone == known.zone):
            return first
        return await self._ask_debt(number, known.zone)

    async def _ask_debt(self, number: str, zone: int | None) -> Debt:
        """Total, bills and the charge block, side by side."""
        asked: dict[str, Any] = {
            "tipoIdentificador": "CONTRATO",
            "valor": str(wire_number(number)),
            "explotacion": zone,
            "idioma": LANGUAGE,
        }
        answers = await asyncio.gather(
            self._soap.read(DEBT, "getDeudaContrato", **asked),
            self._soap.read(
                DEBT, "getDeudaTotalConFacturas", contrato=wire_number(number), explotacion=zone, idioma=LANGUAGE
            ),
            self._soap.read(DEBT, "getDeudaContratoBloqueoCobro", **asked),
        )
        return mapping.debt(*answers)

    async def bills(self, number: str) -> tuple[Bill, ...]:
        """The whole history."""
        return await self._cache.get(number, "bills", HISTORY_SECONDS, lambda: self._bills(number), tuple)

    async def _bills(self, number: str) -> tuple[Bill, ...]:
        """Two services list them; the first that has something is taken.

        Service 1 needs no zone and so answers a call earlier, but no client is known to use it (2.1). One's failure
        matters only if the other has nothing.
        """
        both = (self._paged_bills(number), self._zoned(number, "getFacturas", mapping.bills))
        asking = [asyncio.ensure_future(one) for one in both]
        failure: ServiceError | None = None
        try:
            for answered in asyncio.as_completed(asking):
                try:
                    if found := await answered:
                        return found
                except ServiceError as error:
                    failure = error
        finally:
            for task in asking:
                task.cancel()
        if failure:
            raise failure
        return ()

    async def _paged_bills(self, number: str) -> tuple[Bill, ...]:
        answer = await self._soap.read(
            CONTRACTS,
            "getFacturasContrato",
            numeroContrato=wire_number(number),
            fechaInicio=None,
            fechaFin=None,
            registroInicial=None,
            registroTotal=None,
        )
        return mapping.paged_bills(answer)

    async def consumption(self, number: str) -> tuple[Consumption, ...]:
        """The whole history."""
        return await self._history(number, "consumption", "getConsumos", mapping.consumption)

    async def readings(self, number: str) -> tuple[Reading, ...]:
        """The whole history."""
        return await self._history(number, "readings", "getLecturas", mapping.readings)

    async def _history(
        self, number: str, what: str, operation: str, read: Callable[[Any], tuple[T, ...]]
    ) -> tuple[T, ...]:
        return await self._cache.get(number, what, HISTORY_SECONDS, lambda: self._zoned(number, operation, read), tuple)

    async def _zoned(self, number: str, operation: str, read: Callable[[Any], tuple[T, ...]]) -> tuple[T, ...]:
        """A wrong zone answers empty, not with an error: on empty the zone is fetched afresh, once (3.8)."""
        found = await self._ask_history(number, operation, read)
        if not found:
            old = (await self.contract(number)).zone
            await self._cache.drop(number, "contract")
            if (await self.contract(number)).zone != old:
                found = await self._ask_history(number, operation, read)
        return found

    async def _ask_history(self, number: str, operation: str, read: Callable[[Any], tuple[T, ...]]) -> tuple[T, ...]:
        zone = (await self.contract(number)).zone
        answer = await self._soap.read(
            VIRTUAL_OFFICE, operation, explotacion=zone, contrato=wire_number(number), idioma=LANGUAGE
        )
        return read(answer)

    async def bill_pdf(self, number: str, bill: str) -> bytes:
        """Kept a while: the same bill is often asked for again, as a picture."""
        what = f"pdf:{bill}"
        return await self._cache.get(number, what, HISTORY_SECONDS, lambda: self._bill_pdf(number, bill), bytes)

    async def _bill_pdf(self, number: str, bill: str) -> bytes:
        """Base64 in `pdf`; zeep has decoded it. A body that is no PDF is refused."""
        answer = await self._soap.read(CONTRACTS, "getPdfFactura", numFactura=bill, numContrato=wire_number(number))
        check(getattr(answer, "resultado", None))
        pdf = getattr(answer, "pdf", None) or b""
        if not bytes(pdf).startswith(b"%PDF-"):
            raise AquasisRefused("not a PDF", response="utter_bill_not_readable")
        return bytes(pdf)

    async def service_point(self, number: str) -> ServicePoint:
        """Through the contract's meter."""
        return await self._cache.get(number, "point", DEBT_SECONDS, lambda: self._service_point(number), ServicePoint)

    async def _service_point(self, number: str) -> ServicePoint:
        meter = (await self.contract(number)).meter
        if not meter:
            raise AquasisRefused("the contract has no meter")
        answer = await self._soap.read(
            METERS,
            "getPuntoServicioPorContador",
            listaNumSerieContador=[meter],
            usuario=WHO,
            idioma=LANGUAGE,
            opciones="",
        )
        return mapping.service_point(answer)

    async def create_work_order(self, order: WorkOrder) -> str:
        """2.4; an empty service point would be answered with a NullPointerException."""
        answer = await self._soap.write(
            ORDERS, "crearOrdenTrabajo", idioma=LANGUAGE, ordenTrabajo=work_order(order), enCurso=False
        )
        if not re.fullmatch(r"O\d{7}", str(answer or "")):
            raise AquasisRefused("no order code")
        return str(answer)

    async def order_status(self, folio: str, zone: int) -> OrderStatus:
        """`otClassID` 1 and the zone padded to 4, or it answers «Parametro explotacion no informado» (1.3)."""
        request = {
            "operationalSiteID": f"{zone:04d}",
            "otClassID": 1,
            "otOriginID": folio,
            "language": LANGUAGE,
        }
        answer = await self._soap.read(ORDERS, "refreshData", otRequest=request)
        return mapping.order_status(folio, [answer] if answer is not None else [])

    async def change_email(self, number: str, new: str) -> None:
        """`emailAntigo` is the wire's own spelling."""
        known = await self.contract(number)
        code = await self._soap.write(
            VIRTUAL_OFFICE,
            "cambiarEmailNotificacionPersona",
            nif=known.tax_id,
            nombre=known.holder,
            apellido1=None,
            apellido2=None,
            contrato=wire_number(number),
            emailAntigo=known.email,
            emailNuevo=new,
            atencionDe=WHO,
            codigoOficina=None,
            usuario=WHO,
        )
        await self._written(number, code)

    async def change_phone(self, number: str, new: str) -> None:
        """Ten digits as a long."""
        known = await self.contract(number)
        code = await self._soap.write(
            VIRTUAL_OFFICE,
            "cambiarMovilNotificacionContrato",
            contrato=wire_number(number),
            nif=known.tax_id,
            movil=int(new),
            usuario=WHO,
        )
        await self._written(number, code)

    async def set_paperless(self, number: str, on: bool) -> None:
        """The online bill."""
        answer = await self._soap.write(
            CONTRACTS, "solicitudActivacionFacturaOnline", numeroContrato=[wire_number(number)], facturaOnline=on
        )
        check(answer)
        await self._cache.drop(number, "contract")

    async def submit_reading(self, number: str, register_m3: int, on: datetime) -> None:
        """The citizen's own reading; the date's text format is open question 6.4, ISO is sent."""
        answer = await self._soap.write(
            CONTRACTS,
            "solicitudIntroduccionLectura",
            numeroContrato=wire_number(number),
            lecturaContador1=register_m3,
            lecturaContador2=None,
            fechaActual=on.date().isoformat(),
        )
        check(answer)
        await self._cache.drop(number, "readings")

    async def post_payment(self, reference: str, amount: Decimal, paid_at: datetime, ticket: str) -> None:
        """Moves money in the ledger; the caller makes sure that it is asked once."""
        answer = await self._soap.write(
            DEBT,
            "cobrarReferencia",
            referencia=reference,
            importe=amount,
            datosCobro={"fechaPago": paid_at.date().isoformat(), "ticket": ticket, "comercio": WHO},
            idioma=LANGUAGE,
        )
        check(getattr(answer, "resultadoDTO", answer))

    async def forget(self, number: str) -> None:
        """After a payment or a change, the next question is asked afresh."""
        await self._cache.drop(number)

    async def prefetch(self, number: str) -> None:
        """Warm what a known contract is most often asked for; errors do not matter here."""
        await asyncio.gather(self.debt(number), self.service_point(number), return_exceptions=True)

    async def close(self) -> None:
        """Give the connections back."""
        await self._soap.close()

    async def _written(self, number: str, code: Any) -> None:
        """Bare return codes (1.3): 0 is taken as done; their other values are open question 6.3."""
        if code not in (0, None):
            raise AquasisRefused(f"return code {code}")
        await self._cache.drop(number, "contract")
