"""The stand-in refuses what the real billing system refuses, and shows its traps."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from sandbox.aquasis import build
from sandbox.faults import Fault
from sandbox.world import World
from tests.sandbox.aquasis.conftest import Asker

DEBT = "http://interfazgenericagestiondeuda.occamcxf.occam.agbar.com/"
ORDERS = "http://interfazgenericaordenesservicio.occamcxf.occam.agbar.com/"
OCCAM = "http://occamWS.ejb.negocio.occam.agbar.com"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def envelope(body: str, password: str = "sandbox-aquasis-password") -> str:
    return f"""<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header>
      <w:Security xmlns:w="{WSSE}"><w:UsernameToken><w:Username>sandbox</w:Username>
      <w:Password>{password}</w:Password></w:UsernameToken></w:Security></e:Header><e:Body>{body}</e:Body></e:Envelope>"""


def debt_of(contract: str) -> str:
    return f"""<n:getDeudaContrato xmlns:n="{DEBT}"><tipoIdentificador>CONTRATO</tipoIdentificador>
      <valor>{contract}</valor><explotacion>1</explotacion><idioma>es</idioma></n:getDeudaContrato>"""


async def ask(http: httpx.AsyncClient, service: str, text: str) -> httpx.Response:
    return await http.post(f"/aquasis/services/{service}", content=text.encode(), headers={"SOAPAction": '""'})


async def test_both_status_elements_are_sent_one_of_them_qualified(http: httpx.AsyncClient) -> None:
    answer = await ask(http, "InterfazGenericaGestionDeudaWS", envelope(debt_of("455123")))
    assert answer.status_code == 200
    assert ":resultado>" in answer.text
    assert "<reultado>" in answer.text


async def test_an_unknown_contract_is_minus_501_in_the_debt_service(http: httpx.AsyncClient) -> None:
    answer = await ask(http, "InterfazGenericaGestionDeudaWS", envelope(debt_of("111111")))
    assert "-501" in answer.text


async def test_a_wrong_zone_is_empty_not_an_error(http: httpx.AsyncClient) -> None:
    body = f"""<n:getConsumos xmlns:n="{OCCAM}"><explotacion>12</explotacion><contrato>455123</contrato>
      <idioma>es</idioma></n:getConsumos>"""
    answer = await ask(http, "InterfazOficinaVirtualClientesWS", envelope(body))
    assert answer.status_code == 200
    assert "metrosCubicos" not in answer.text
    right = await ask(http, "InterfazOficinaVirtualClientesWS", envelope(body.replace(">12<", ">1<")))
    assert "&lt;OCT&gt; - &lt;OCT&gt;" in right.text


async def test_an_order_without_a_service_point_breaks_like_the_real_one(http: httpx.AsyncClient) -> None:
    body = f"""<n:crearOrdenTrabajo xmlns:n="{ORDERS}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
      <idioma>es</idioma><ordenTrabajo><tipoOrden>23</tipoOrden><motivoOrden>15</motivoOrden>
      <fechaCreacionOrden>2026-02-11T12:00:00-06:00</fechaCreacionOrden><numContrato>455123</numContrato>
      <idPtoServicio i:nil="true"/><fechaEstimdaFin>2026-02-11T12:00:00-06:00</fechaEstimdaFin>
      <anyoExpediente>2026</anyoExpediente><instalaValvulaPaso>0</instalaValvulaPaso></ordenTrabajo>
      <enCurso>0</enCurso></n:crearOrdenTrabajo>"""
    answer = await ask(http, "InterfazGenericaOrdenesServicioWS", envelope(body))
    assert answer.status_code == 500
    assert "NullPointerException" in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "not xml",
        "<a/>",
        envelope("<x/>"),
        envelope(debt_of("455123"), password="wrong"),
        envelope(debt_of("455123").replace("<explotacion>1</explotacion>", "<explotacion>uno</explotacion>")),
        '<!DOCTYPE a [<!ENTITY b "c">]>' + envelope(debt_of("455123")),
    ],
)
async def test_what_is_wrong_is_a_fault(http: httpx.AsyncClient, text: str) -> None:
    answer = await ask(http, "InterfazGenericaGestionDeudaWS", text)
    assert answer.status_code == 500
    assert "Fault" in answer.text


async def test_an_operation_belongs_to_its_path(http: httpx.AsyncClient) -> None:
    answer = await ask(http, "InterfazGenericaContadoresWS", envelope(debt_of("455123")))
    assert answer.status_code == 500


async def test_the_wsdl_is_served_with_its_own_address(http: httpx.AsyncClient) -> None:
    answer = await http.get("/aquasis/services/InterfazGenericaGestionDeudaWS?wsdl")
    assert "http://sandbox/aquasis/services/InterfazGenericaGestionDeudaWS" in answer.text


async def test_no_soap_action_is_needed_and_no_matter_which_is_sent(http: httpx.AsyncClient) -> None:
    for headers in ({}, {"SOAPAction": "getPdfFactura"}):
        body = envelope(debt_of("455123")).encode()
        answer = await http.post("/aquasis/services/InterfazGenericaGestionDeudaWS", content=body, headers=headers)
        assert answer.status_code == 200


async def test_what_is_empty_is_nil_and_children_bear_no_namespace(http: httpx.AsyncClient) -> None:
    body = f"""<n:consultaDetalleContrato xmlns:n="{OCCAM}"><numeroContrato>753061</numeroContrato>
      <idioma>es</idioma></n:consultaDetalleContrato>"""
    answer = (await ask(http, "InterfazGenericaContratacionWS", envelope(body))).text
    assert '<telefono1 xsi:nil="true"/>' in answer
    assert '<datosPago xsi:nil="true"/>' in answer
    assert "<GenericoContratoDTO>" in answer


async def test_children_with_a_namespace_or_out_of_order_are_refused(http: httpx.AsyncClient) -> None:
    qualified = debt_of("455123").replace("<valor>", "<n:valor>").replace("</valor>", "</n:valor>")
    swapped = debt_of("455123").replace("<explotacion>1</explotacion><idioma>es</idioma>", "<idioma>es</idioma>")
    swapped = swapped.replace("</n:getDeudaContrato>", "<explotacion>1</explotacion></n:getDeudaContrato>")
    for body in (qualified, swapped):
        answer = await ask(http, "InterfazGenericaGestionDeudaWS", envelope(body))
        assert answer.status_code == 500
        assert "Unmarshalling" in answer.text


async def test_entities_are_not_expanded(http: httpx.AsyncClient) -> None:
    bomb = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 9))
    text = f'<!DOCTYPE x [<!ENTITY a0 "ha">{bomb}]>' + envelope(debt_of("&a8;"))
    answer = await ask(http, "InterfazGenericaGestionDeudaWS", text)
    assert answer.status_code == 500
    assert "haha" not in answer.text


@pytest.mark.parametrize(
    ("mode", "operation", "status"),
    [
        ("everywhere", "getDeudaContrato", 500),
        ("today", "getDeudaContrato", 500),
        ("today", "getTarifaDeAguaPorContrato", 200),
        ("ignore", "getDeudaContrato", 200),
    ],
)
async def test_three_ways_to_ask_for_a_password(
    world: World, monkeypatch: pytest.MonkeyPatch, mode: str, operation: str, status: int
) -> None:
    monkeypatch.setenv("SANDBOX_AQUASIS_WSSE", mode)
    app = FastAPI()
    app.include_router(build(world))
    bare = debt_of("455123")
    service = "InterfazGenericaGestionDeudaWS"
    if operation == "getTarifaDeAguaPorContrato":
        service = "InterfazOficinaVirtualClientesWS"
        bare = f"""<n:{operation} xmlns:n="{OCCAM}"><explotacion>1</explotacion><contrato>455123</contrato>
          <idioma>es</idioma></n:{operation}>"""
    text = f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{bare}</e:Body></e:Envelope>'
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://sandbox") as http:
        assert (await ask(http, service, text)).status_code == status


@pytest.mark.parametrize(("kind", "status", "booked"), [("error", 503, False), ("drop", 502, True)])
async def test_a_fault_before_the_work_and_one_after_it(asker: Asker, kind: str, status: int, booked: bool) -> None:
    fault = Fault.model_validate({"system": "aquasis", "kind": kind, "operation": "cobrarReferencia", "status": 503})
    asker.world.faults.active = [fault]
    body = f"""<n:cobrarReferencia xmlns:n="{DEBT}"><referencia>00004551230000</referencia>
      <datosCobro/></n:cobrarReferencia>"""
    answer = await ask(asker.http, "InterfazGenericaGestionDeudaWS", envelope(body))
    assert answer.status_code == status
    left = await ask(asker.http, "InterfazGenericaGestionDeudaWS", envelope(debt_of("455123")))
    assert ("<deuda>0.00</deuda>" in left.text) is booked
