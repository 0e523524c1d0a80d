"""The IP address that a request came from, behind trusted proxies."""

from __future__ import annotations

from ipaddress import ip_address
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


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
