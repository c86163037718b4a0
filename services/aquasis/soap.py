"""The SOAP side: five services behind zeep, loaded from our own WSDL files. Nothing else imports zeep.

Facts: aquasis.md 1.1 (wire rules), 1.2 (WS-Security: a plain UsernameToken is always sent), 1.3 (error shapes).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
from zeep import AsyncClient, Settings
from zeep.exceptions import Error as ZeepError
from zeep.exceptions import Fault
from zeep.proxy import AsyncServiceProxy
from zeep.transports import AsyncTransport
from zeep.wsse.username import UsernameToken

from services.aquasis.errors import AquasisDown, AquasisRefused, AquasisUnknown
from services.breaker import Breaker

WSDL = Path(__file__).parent / "wsdl"

CONTRACTS = "InterfazGenericaContratacionWS"
VIRTUAL_OFFICE = "InterfazOficinaVirtualClientesWS"
DEBT = "InterfazGenericaGestionDeudaWS"
ORDERS = "InterfazGenericaOrdenesServicioWS"
METERS = "InterfazGenericaContadoresWS"

_OCCAM = "http://occamWS.ejb.negocio.occam.agbar.com"
_CXF = "http://interfazgenerica{}.occamcxf.occam.agbar.com/"

# service → (WSDL file, binding); names from aquasis.md section 1
BINDINGS = {
    CONTRACTS: ("contracts.wsdl", f"{{{_OCCAM}}}InterfazGenericaContratacionWSServiceSoapBinding"),
    VIRTUAL_OFFICE: ("readings.wsdl", f"{{{_OCCAM}}}InterfazOficinaVirtualClientesWSSoapBinding"),
    DEBT: (
        "debt.wsdl",
        f"{{{_CXF.format('gestiondeuda')}}}InterfazGenericaGestionDeudaWSBeanSEIImplServiceSoapBinding",
    ),
    ORDERS: (
        "work-orders.wsdl",
        f"{{{_CXF.format('ordenesservicio')}}}InterfazGenericaOrdenesServicioWSBeanSEIImplServiceSoapBinding",
    ),
    METERS: (
        "meters.wsdl",
        f"{{{_CXF.format('contadores')}}}InterfazGenericaContadoresWSBeanSEIImplServiceSoapBinding",
    ),
}


class SoapClient:
    """Calls operations by service and name; reads are repeated once, writes never."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        timeout_seconds: float = 12.0,
        http: httpx.AsyncClient | None = None,
        proxy: str | None = None,
        wsdl: Path = WSDL,
    ) -> None:
        self._url = url.rstrip("/")
        self._token = (user, password)
        self._http = http or httpx.AsyncClient(timeout=timeout_seconds, proxy=proxy)
        self._wsdl = wsdl
        self._proxies: dict[str, Any] = {}
        self._breaker = Breaker()

    def load(self) -> None:
        """Read all five WSDL files now rather than in the first citizen's conversation."""
        for service in BINDINGS:
            self._service(service)

    def _service(self, service: str) -> Any:
        if service not in self._proxies:
            filename, binding = BINDINGS[service]
            client = AsyncClient(
                str(self._wsdl / filename),
                wsse=UsernameToken(*self._token),
                transport=AsyncTransport(client=self._http),
                # An absent element is None rather than an error; entities and external files stay forbidden.
                settings=Settings(strict=False, xml_huge_tree=False),
            )
            # zeep's create_service() makes a synchronous proxy even for an asynchronous client.
            self._proxies[service] = AsyncServiceProxy(
                client, client.wsdl.bindings[binding], address=f"{self._url}/{service}"
            )
        return self._proxies[service]

    async def read(self, service: str, operation: str, **arguments: Any) -> Any:
        """Ask; once more if the line broke.

        Raises:
            AquasisDown: no usable answer, or the circuit is open.
            AquasisRefused: a fault that is about the question.
        """
        try:
            return await self._guarded(service, operation, arguments)
        except AquasisDown:
            if self._breaker.is_open:
                raise
            return await self._guarded(service, operation, arguments)

    async def write(self, service: str, operation: str, **arguments: Any) -> Any:
        """Ask for a change, exactly once.

        Raises:
            AquasisDown: it surely did not happen.
            AquasisUnknown: it may have happened.
            AquasisRefused: it was refused.
        """
        return await self._guarded(service, operation, arguments, is_write=True)

    async def _guarded(self, service: str, operation: str, arguments: dict[str, Any], *, is_write: bool = False) -> Any:
        return await self._breaker.call(
            lambda: self._call(service, operation, arguments, is_write=is_write),
            counts=(AquasisDown, AquasisUnknown),
            refuse=AquasisDown("circuit open"),
        )

    async def _call(self, service: str, operation: str, arguments: dict[str, Any], *, is_write: bool) -> Any:
        proxy = self._proxies.get(service) or await asyncio.to_thread(self._service, service)
        try:
            return await getattr(proxy, operation)(**arguments)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise AquasisDown(operation) from error
        except httpx.HTTPError as error:
            raise (AquasisUnknown if is_write else AquasisDown)(operation) from error
        except Fault as error:
            raise AquasisRefused(operation) from error
        except ZeepError as error:
            raise (AquasisUnknown if is_write else AquasisDown)(operation) from error

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()
