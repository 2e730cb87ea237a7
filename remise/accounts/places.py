"""Where a request comes from: what limits for strangers count by, and what a key may be bound to."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def caller_address(request: HttpRequest) -> str | None:
    """As sign-in knows it, behind the proxies of our own; IPv4 that is written as IPv6 is IPv4. None where it cannot
    be told."""
    try:
        found = ip_address(get_adapter().get_client_ip(request).partition("%")[0])
    except (PermissionDenied, ValueError):
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def network_of(address: str | None) -> str:
    """An address of IPv4; of IPv6 its network, of which a household has as many addresses as it likes."""
    if address is None:
        return ""
    return str(ip_network(f"{address}/64" if ":" in address else address, strict=False))
