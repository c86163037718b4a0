"""`/pac/…`: SW sapien's `POST /v4/cfdi33/issue/v4`. A `customid` that was used is answered with its document (307)."""

from __future__ import annotations

import asyncio
import datetime
import os
import uuid
from functools import cached_property
from typing import Any

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import JSONResponse
from lxml import etree
from satcfdi.cfdi import CFDI
from satcfdi.create.cfd.tfd11 import TimbreFiscalDigital
from satcfdi.models import Signer

from sandbox.pac import rules
from sandbox.pac.seals import seal
from sandbox.world import ZONE, World

ISSUER = ("ESCUELA KEMPER URGATE", "EKU9003173C9", "Matriz", "30001000000500003416")
PROVIDER = ("PAC DE LA CAJA DE ARENA", "SPR190613I52", "PACSPR190613I52", "30001000000500003456")


class Provider:
    """Holds the utility's seal and its own, and remembers what it stamped."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.token = os.environ.get("PAC_TOKEN", "sandbox-pac-token")
        self.stamped: dict[str, str] = {}
        world.on_reset(self.stamped.clear)

    @cached_property
    def issuer(self) -> Signer:
        """Made when first needed: a key takes a moment."""
        return seal(*ISSUER)

    @cached_property
    def provider(self) -> Signer:
        """The PAC's own."""
        return seal(*PROVIDER)

    def issue(self, xml: bytes) -> str:
        """Check, sign, stamp, check again.

        Raises:
            Refusal: it may not be stamped.
        """
        document = rules.read(xml)
        rules.check(document, ISSUER[1])
        document.sign(self.issuer)
        stamp = TimbreFiscalDigital(
            proveedor=self.provider,
            uuid=str(uuid.uuid4()),
            fecha_timbrado=self._now(),
            sello_cfd=document["Sello"],
        )
        document["Complemento"] = {**(document.get("Complemento") or {}), "TimbreFiscalDigital": stamp}
        try:
            return bytes(document.xml_bytes(validate=True)).decode()
        except etree.DocumentInvalid as error:
            raise rules.Refusal("301", "La estructura del XML no cumple el estándar") from error

    def _now(self) -> datetime.datetime:
        return self.world.clock.now().astimezone(ZONE).replace(tzinfo=None, microsecond=0)


def build(world: World) -> APIRouter:
    """The router."""
    router, pac = APIRouter(), Provider(world)

    @router.post("/pac/v4/cfdi33/issue/v4")
    async def issue(request: Request, xml: UploadFile) -> JSONResponse:
        if fault := world.faults.hit("pac", "error"):
            return _error(fault.status, "500 - Error interno")
        if request.headers.get("authorization") != f"Bearer {pac.token}":
            return _error(401, "401 - El token no es válido")
        custom_id = request.headers.get("customid", "")
        before = pac.stamped.get(custom_id)
        if before:
            return _error(400, "307. El comprobante contiene un timbre previo.", _data(before))
        try:
            made = await asyncio.to_thread(pac.issue, await xml.read())
        except rules.Refusal as refusal:
            return _error(400, str(refusal))
        if custom_id:
            pac.stamped[custom_id] = made
        if world.faults.hit("pac", "drop"):
            return _error(500, "500 - Error interno")
        return JSONResponse({"status": "success", "data": _data(made)})

    @router.get("/control/pac/stamped")
    async def stamped() -> list[dict[str, Any]]:
        return [_data(xml) for xml in pac.stamped.values()]

    return router


def _data(xml: str) -> dict[str, Any]:
    document = CFDI.from_string(xml.encode())
    stamp = document["Complemento"]["TimbreFiscalDigital"]
    return {"uuid": str(stamp["UUID"]), "fechaTimbrado": str(stamp["FechaTimbrado"]), "cfdi": xml}


def _error(status: int, message: str, data: dict[str, Any] | None = None) -> JSONResponse:
    return JSONResponse({"status": "error", "message": message, "messageDetail": "", "data": data}, status)
