"""Who is calling: the address at the other end, or the one that a proxy names.

Anybody can send ``X-Forwarded-For``. It counts only as far as addresses of our own
proxies vouch for it: from the right, up to the first that is not one of them.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from .webhook_auth import Network

# The usual proxy runs on the same machine.
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
# More proxies than anybody has in a row.
MAX_HOPS = 20


def client_address(
    peer: str | None, forwarded_for: str | None, proxies: Sequence[Network]
) -> str:
    """Return the caller's address in its shortest notation, or ``""``."""
    address = parse_address(peer)
    hops = (forwarded_for or "").split(",")[-MAX_HOPS:]
    while hops and address is not None and _is_one_of(address, proxies):
        named = parse_address(hops.pop())
        if named is None:
            break
        address = named
    return str(address) if address is not None else ""


def parse_address(text: str | None) -> IPv4Address | IPv6Address | None:
    """Read an address, with or without port; IPv4 written as IPv6 is IPv4."""
    text = (text or "").strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def caller_of(address: str) -> str:
    """Return what one caller has: an IPv4 address, or the /64 of an IPv6 address."""
    parsed = parse_address(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed) if parsed is not None else ""


def _is_one_of(address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
