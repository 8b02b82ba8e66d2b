"""This machine's names in the local network."""

import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, ip_address

import ifaddr


def local_addresses() -> list[str]:
    """IPv4, the one that reaches furthest first. Those of the open internet are left out: who wants
    to be heard there says so."""
    return choose(carried(), outward())


def carried() -> list[str]:
    """Every IPv4 address of every network card."""
    found = (ip.ip for card in ifaddr.get_adapters() for ip in card.ips)
    return [address for address in found if isinstance(address, str)]


def choose(found: Iterable[str], first: str | None) -> list[str]:
    """Without loopback, link-local and public ones; ``first`` before the others, each once."""
    kept = {address for address in found if is_local(IPv4Address(address))}
    return sorted(kept, key=lambda address: (address != first, IPv4Address(address)))


def is_local(address: IPv4Address) -> bool:
    return not (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or address.is_global
    )


def outward() -> str | None:
    """The address that a packet to elsewhere would leave by; None: there is no way out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        # Nothing is sent: it only asks which of our addresses would be used.
        probe.connect(("192.0.2.1", 9))
        address: str = probe.getsockname()[0]
        return address
    return None


def host_name() -> str:
    """The machine's own name as one label of the DNS."""
    label = socket.gethostname().split(".")[0].lower()
    return re.sub(r"[^a-z0-9-]+", "-", label).strip("-")[:63] or "hushui"


def in_url(address: str) -> str:
    return f"[{address}]" if ip_address(address).version == 6 else address
