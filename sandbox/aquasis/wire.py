"""The SOAP wire: requests checked against the WSDL's own schema, answers rendered from it.

The WSDL files are the ones María's client uses (services/aquasis/wsdl); what they promise is what is sent:
unqualified children, the qualified `resultado`, `reultado`, every declared element, nil where empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from zeep import Client

WSDL = Path(__file__).parents[2] / "services" / "aquasis" / "wsdl"
FILES = {
    "InterfazGenericaContratacionWS": "contracts.wsdl",
    "InterfazOficinaVirtualClientesWS": "readings.wsdl",
    "InterfazGenericaGestionDeudaWS": "debt.wsdl",
    "InterfazGenericaOrdenesServicioWS": "work-orders.wsdl",
    "InterfazGenericaContadoresWS": "meters.wsdl",
}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
PASSWORD_TEXT = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"  # noqa: S105
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"


class SoapFault(Exception):
    """Answered as HTTP 500 with a `soap:Fault`."""


@dataclass(frozen=True)
class Call:
    """One request: the operation and its arguments by wire name."""

    operation: str
    arguments: Any
    user: str | None
    password: str | None


class Service:
    """One of the five services."""

    def __init__(self, name: str) -> None:
        self.path = WSDL / FILES[name]
        self._client = Client(str(self.path))
        self._operations = self._bind()
        self._schema = _schema(self.path)

    def _bind(self) -> dict[str, Any]:
        service = next(iter(self._client.wsdl.services.values()))
        port = next(iter(service.ports.values()))
        return dict(port.binding._operations)  # zeep has no public way to list them

    def read(self, body: bytes) -> Call:
        """Parse a request.

        Raises:
            SoapFault: not XML, not SOAP, unknown operation, or not what the schema says.
        """
        envelope = _parse(body)
        wrapper = envelope.find(f"{{{SOAP}}}Body/*")
        if wrapper is None:
            raise SoapFault("soap:Client", "Error reading XMLStreamReader: no Body")
        operation = etree.QName(wrapper).localname
        if operation not in self._operations:
            raise SoapFault("soap:Client", f"Unexpected wrapper element {wrapper.tag} found.")
        if not self._schema.validate(wrapper):
            raise SoapFault("soap:Client", f"Unmarshalling Error: {self._schema.error_log.last_error.message}")
        element = self._client.wsdl.types.get_element(wrapper.tag)
        user, password = _token(envelope)
        return Call(operation, element.parse(wrapper, self._client.wsdl.types), user, password)

    def answer(self, operation: str, values: dict[str, Any]) -> bytes:
        """Render an answer; what `values` leaves out is sent as nil."""
        element = self._operations[operation].output.body
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "xsi": XSI})
        body = etree.SubElement(envelope, f"{{{SOAP}}}Body")
        element.render(body, element(**values))
        return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def fault(code: str, text: str) -> bytes:
    """A SOAP 1.1 fault."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    found = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    etree.SubElement(found, "faultcode").text = code
    etree.SubElement(found, "faultstring").text = text
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise SoapFault("soap:Client", "Error reading XMLStreamReader.") from error
    if root.getroottree().docinfo.doctype:
        raise SoapFault("soap:Client", "DTD is not allowed")
    if root.tag != f"{{{SOAP}}}Envelope":
        raise SoapFault("soap:VersionMismatch", "not a SOAP 1.1 envelope")
    return root


def _token(envelope: etree._Element) -> tuple[str | None, str | None]:
    token = envelope.find(f"{{{SOAP}}}Header/{{{WSSE}}}Security/{{{WSSE}}}UsernameToken")
    if token is None:
        return None, None
    password = token.find(f"{{{WSSE}}}Password")
    if password is None or password.get("Type", PASSWORD_TEXT) != PASSWORD_TEXT:
        return token.findtext(f"{{{WSSE}}}Username"), None
    return token.findtext(f"{{{WSSE}}}Username"), password.text


class _Schemas(etree.Resolver):
    """Gives lxml the WSDL's embedded schemas when they import each other."""

    def __init__(self, texts: dict[str, bytes]) -> None:
        super().__init__()
        self._texts = texts

    def resolve(self, url: str, _id: str, context: Any) -> Any:
        return self.resolve_string(self._texts[url], context)


def _schema(path: Path) -> etree.XMLSchema:
    """The WSDL's schemas as one validator."""
    found = etree.parse(str(path)).findall(f".//{{{XSD}}}schema")
    names = {s.get("targetNamespace"): f"urn:{i}" for i, s in enumerate(found)}
    for schema in found:
        for imported in schema.findall(f"{{{XSD}}}import"):
            imported.set("schemaLocation", names[imported.get("namespace")])
    texts = {names[s.get("targetNamespace")]: etree.tostring(s) for s in found}
    parser = etree.XMLParser()
    parser.resolvers.add(_Schemas(texts))
    imports = "".join(f'<xs:import namespace="{ns}" schemaLocation="{url}"/>' for ns, url in names.items())
    root = etree.fromstring(f'<xs:schema xmlns:xs="{XSD}">{imports}</xs:schema>', parser)
    return etree.XMLSchema(root)
