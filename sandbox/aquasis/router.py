"""`/aquasis/services/<Service>`: POST SOAP, GET ?wsdl. Dispatch by path and body element (aquasis.md 1.1 rule 8)."""

from __future__ import annotations

import asyncio
import os

import structlog
from fastapi import APIRouter, Request, Response

from sandbox.aquasis.ledger import Ledger
from sandbox.aquasis.operations import OPERATIONS
from sandbox.aquasis.operations.answers import Operation
from sandbox.aquasis.wire import FILES, Call, Service, SoapFault, fault
from sandbox.world import World

log = structlog.get_logger(__name__)
XML = "text/xml; charset=UTF-8"
USER, PASSWORD = "sandbox", "sandbox-aquasis-password"  # opens nothing but this sandbox
# What is asked for a header today (1.2); mode "today" requires it only there, "ignore" nowhere.
TODAY = {"getDeuda", "getDeudaContrato", "getDeudaTotalConFacturas", "getFacturas", "getConsumos", "getPdfFactura"}


def build(world: World) -> APIRouter:
    """The router; `SANDBOX_AQUASIS_WSSE` is everywhere (default), today or ignore."""
    router = APIRouter(prefix="/aquasis")
    books = Ledger(world)
    services = {name: Service(name) for name in FILES}
    mode = os.environ.get("SANDBOX_AQUASIS_WSSE", "everywhere")

    @router.get("/services/{name}")
    async def wsdl(name: str, request: Request) -> Response:
        if name not in services:
            return Response("No service was found.", 404)
        text = services[name].path.read_text(encoding="utf-8")
        here = str(request.url).split("?")[0]
        return Response(text.replace(f"http://aquasis.invalid/{name}", here), media_type=XML)

    @router.post("/services/{name}")
    async def call(name: str, request: Request) -> Response:
        if name not in services:
            return Response("No service was found.", 404)
        body = await request.body()
        try:
            return await _serve(services[name], body, OPERATIONS[name], books, mode)
        except SoapFault as error:
            return Response(fault(*error.args), 500, media_type=XML)

    return router


async def _serve(service: Service, body: bytes, operations: dict[str, Operation], books: Ledger, mode: str) -> Response:
    """An `error` fault strikes before the work is done; `timeout` and `drop` after it, so that a write has happened.

    A dropped answer comes as the 502 of a proxy, which María's line to Aquasis goes through (aquasis.md 1).
    """
    called, faults = await asyncio.to_thread(service.read, body), books.world.faults
    _authorise(called, mode)
    if broken := faults.hit("aquasis", "error", called.operation):
        return Response(fault("soap:Server", "Internal error"), broken.status, media_type=XML)
    values = await asyncio.to_thread(operations[called.operation], books, called.arguments)
    log.info("aquasis", operation=called.operation)
    await faults.delay("aquasis", called.operation)
    if faults.hit("aquasis", "drop", called.operation):
        return Response(b"", 502)
    return Response(service.answer(called.operation, values), media_type=XML)


def _authorise(called: Call, mode: str) -> None:
    given = (called.user, called.password)
    if given == (USER, PASSWORD) or mode == "ignore":
        return
    if mode == "today" and called.operation not in TODAY and called.user is None:
        return
    raise SoapFault("soap:Client", "The security token could not be authenticated or authorized")
