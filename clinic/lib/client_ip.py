"""The IP address that a request came from, behind trusted proxies, and its network."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
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
    if not (text := client_ip(request)):
        return None
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    prefix = 64 if isinstance(address, IPv6Address) else 24
    return str(ip_network((address, prefix), strict=False).network_address)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
