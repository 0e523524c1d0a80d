"""The IP address that a request came from, behind trusted proxies, and its network."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """Return the address, or None if the server does not know it.

    In `X-Forwarded-For`, read from the right, this is the first address that is not one of `TRUSTED_PROXIES`.
    """
    trusted = request.META.get("REMOTE_ADDR", "")
    for forwarded in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if trusted not in settings.TRUSTED_PROXIES or not _is_address(forwarded.strip()):
            break
        trusted = forwarded.strip()
    return trusted if _is_address(trusted) else None


def client_network(request: HttpRequest) -> str | None:
    """Return the first address of the client's network, which is usually one household or company: /24, or /64."""
    address = client_ip(request)
    return str(network_of(address).network_address) if address else None


def network_of(address: str, ipv4_prefix: int = 24) -> IPv4Network | IPv6Network:
    """Return the network of an IP address. In IPv6 a provider gives each household a whole /64."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return ip_network((found, 64 if isinstance(found, IPv6Address) else ipv4_prefix), strict=False)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
