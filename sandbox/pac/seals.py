"""Certificates in the SAT's manner, made by the sandbox itself: nothing signed with them is worth anything."""

from __future__ import annotations

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from OpenSSL import crypto
from satcfdi.models import Signer

LIFE = datetime.timedelta(days=3650)
BORN = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)


def seal(name: str, rfc: str, unit: str, number: str) -> Signer:
    """A key pair whose certificate names `rfc`; a PAC's `unit` starts with PAC and its RFC. `number`: 20 digits."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    parts = (
        (NameOID.COMMON_NAME, name),
        (NameOID.ORGANIZATION_NAME, name),
        (NameOID.X500_UNIQUE_IDENTIFIER, rfc),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
    )
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(int.from_bytes(number.encode(), "big"))
    made = made.not_valid_before(BORN).not_valid_after(BORN + LIFE)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = made.add_extension(x509.BasicConstraints(False, None), True).add_extension(usage, True)
    return Signer(crypto.X509.from_cryptography(made.sign(key, hashes.SHA256())), key)
