"""Where a request came from, behind a web server that is believed."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def network_address(request: HttpRequest) -> str:
    """Return the IP address of whoever asks, or nothing when the server does not know it.

    `X-Forwarded-For` is believed as far as its words come from `TRUSTED_PROXIES`: read from the right, the first
    address that is none of them.
    """
    believed = request.META.get("REMOTE_ADDR", "")
    for told in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if believed not in settings.TRUSTED_PROXIES or not _is_address(told.strip()):
            break
        believed = told.strip()
    return believed if _is_address(believed) else ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
