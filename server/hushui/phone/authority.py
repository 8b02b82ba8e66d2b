"""A certificate authority for one machine, and the certificate that its server shows.

Each lies in the data folder with its key, in one file that only its owner reads: neither is ever
there without the other. The authority can sign for private addresses, for names ending in `.local`
and for the addresses it was made with, and for nothing else: who steals its key gains no other
site.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from hushui.ports import Ports

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

AUTHORITY: Final = "authority.pem"
SITE: Final = "site.pem"
AUTHORITY_DAYS: Final = 3_650
SITE_DAYS: Final = 397
"""iPhones refuse more than 825, and more than 398 of an authority they know by themselves."""
RENEW_DAYS: Final = 30
EARLIER: Final = timedelta(days=1)
"""A phone's clock may be behind."""
USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
NAMES: Final = ("localhost", "local")
NETWORKS: Final = tuple(
    ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)


class Unusable(Exception):
    """A file that is there and is not what it should be. ``args``: Chinese, English."""


class NotAllowed(Exception):
    """The authority was not made for this ``address``."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Authority(Struct, frozen=True):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    new: bool

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """As phones show it: pairs of hex digits of the SHA-256."""
        return sha256(self.der).digest().hex(" ").upper()


class Site(Struct, frozen=True):
    """``path`` holds key, certificate and authority, as `SSLContext.load_cert_chain` reads them."""

    path: Path
    new: bool


def open_authority(folder: Path, ports: Ports, host: str, addresses: Sequence[str]) -> Authority:
    """The one in the folder; a new one when there is none or it ends soon. Raises Unusable."""
    path = folder / AUTHORITY
    now = _time(ports)
    if path.exists():
        key, certificates = _read(path)
        if certificates[0].not_valid_after_utc - now > timedelta(days=RENEW_DAYS):
            return Authority(certificates[0], key, new=False)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(key, ports, host, [ip_address(text) for text in addresses])
    _write(path, key, [certificate])
    return Authority(certificate, key, new=True)


def open_site(
    folder: Path, authority: Authority, ports: Ports, host: str, addresses: Sequence[str]
) -> Site:
    """The certificate in the folder if it still says these names and has 30 days left, else a new
    one. ``addresses`` beside loopback. Raises NotAllowed, Unusable."""
    path = folder / SITE
    wanted = {ip_address(text) for text in (*addresses, "127.0.0.1", "::1")}
    for address in wanted:
        if not allows(authority.certificate, address):
            raise NotAllowed(str(address))
    names = ["localhost", f"{host}.local"]
    if path.exists() and _serves(_read(path)[1][0], authority, ports, names, wanted):
        return Site(path, new=False)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed(key, authority, ports, host, names, wanted)
    _write(path, key, [certificate, authority.certificate])
    return Site(path, new=True)


def allows(certificate: x509.Certificate, address: Address) -> bool:
    extension = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    permitted = (subtree.value for subtree in extension.value.permitted_subtrees or ())
    return any(address in net for net in permitted if isinstance(net, IPv4Network | IPv6Network))


def _serves(
    certificate: x509.Certificate,
    authority: Authority,
    ports: Ports,
    names: list[str],
    wanted: set[Address],
) -> bool:
    said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return (
        set(said.get_values_for_type(x509.IPAddress)) == wanted
        and said.get_values_for_type(x509.DNSName) == names
        and certificate.not_valid_before_utc <= _time(ports)
        and certificate.not_valid_after_utc - _time(ports) > timedelta(days=RENEW_DAYS)
    )


def _self_signed(
    key: ec.EllipticCurvePrivateKey, ports: Ports, host: str, addresses: Sequence[Address]
) -> x509.Certificate:
    beyond = (ip_network(a) for a in addresses if not any(a in net for net in NETWORKS))
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in NAMES]
    permitted += [x509.IPAddress(network) for network in (*NETWORKS, *beyond)]
    usage = _usage("key_cert_sign", "crl_sign")
    name = _name(f"护水 {host}")
    return (
        _begun(key, ports, name, name, _time(ports) + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, SHA256())
    )


def _signed(
    key: ec.EllipticCurvePrivateKey,
    authority: Authority,
    ports: Ports,
    host: str,
    names: list[str],
    addresses: Iterable[Address],
) -> x509.Certificate:
    issuer = authority.certificate
    until = _time(ports) - EARLIER + timedelta(days=SITE_DAYS)
    said: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    said += [x509.IPAddress(address) for address in sorted(addresses, key=_order)]
    known_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    return (
        _begun(key, ports, _name(f"{host}.local"), issuer.subject, min(until, _end(issuer)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(said), critical=False)
        .add_extension(known_by, critical=False)
        .sign(authority.key, SHA256())
    )


def _begun(
    key: ec.EllipticCurvePrivateKey,
    ports: Ports,
    subject: x509.Name,
    issuer: x509.Name,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(ports.random(16), "big") + 1)
        .not_valid_before(_time(ports) - EARLIER)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*granted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in granted for name in USAGES})


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "护水 Hushui"),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _order(address: Address) -> tuple[int, int]:
    return address.version, int(address)


def _end(certificate: x509.Certificate) -> datetime:
    return certificate.not_valid_after_utc


def _time(ports: Ports) -> datetime:
    """Whole seconds: a certificate knows no smaller."""
    return datetime.fromtimestamp(ports.now() // 1000, UTC)


def _read(path: Path) -> tuple[ec.EllipticCurvePrivateKey, list[x509.Certificate]]:
    try:
        pem = path.read_bytes()
        key, certificates = (
            load_pem_private_key(pem, None),
            x509.load_pem_x509_certificates(pem),
        )
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("another sort of key")
        if key.public_key() != certificates[0].public_key():
            raise ValueError("the key is another certificate's")
    except ValueError as error:
        raise Unusable(f"{path} 读不懂", f"{path} cannot be understood: {error}") from error
    return key, certificates


def _write(
    path: Path, key: ec.EllipticCurvePrivateKey, certificates: Iterable[x509.Certificate]
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_suffix(".new")
    parts = [key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())]
    parts += [certificate.public_bytes(Encoding.PEM) for certificate in certificates]
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(b"".join(parts))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
