"""A self-signed certificate, for trying cameras from another machine: browsers open them only on a secure origin."""

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LASTS = timedelta(days=397)


def self_signed(folder: Path, url: str) -> tuple[Path, Path]:
    """Certificate and key for the host of `url` and for loopback; made once, made anew when they have run out."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    host = urlsplit(url).hostname or "localhost"
    if certificate.exists() and key.exists() and _serves(certificate, host):
        return certificate, key
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = ec.generate_private_key(ec.SECP256R1())
    _write(key, _pem_of(private))
    _write(certificate, _certificate(private, host).public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _serves(path: Path, host: str) -> bool:
    found = x509.load_pem_x509_certificate(path.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.not_valid_after_utc > datetime.now(UTC) + timedelta(days=7) and _name(host) in list(names)


def _certificate(private: ec.EllipticCurvePrivateKey, host: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tongban (self-signed)")])
    names = list(dict.fromkeys([_name(host), _name("localhost"), _name("127.0.0.1")]))
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem_of(private: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
