"""Where a form was sent from, told without a cookie.

Visitors get no cookie, so there is no CSRF token. Browsers say themselves which site a request comes from
(https://www.w3.org/TR/fetch-metadata/), older ones at least in `Origin`. What comes from elsewhere is not
stored but shown again, and one press of the button sends it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contact.form.already_shown import Shown, was_shown

if TYPE_CHECKING:
    from django.http import HttpRequest


class Verdict(Enum):
    OURS = "ours"
    UNTOLD = "untold"
    ELSEWHERE = "elsewhere"


def judge(request: HttpRequest) -> Verdict:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # `same-site` is a neighbouring host name: not ours. `none`: the person's own doing, such as a reload.
        return Verdict.OURS if site.strip().lower() in {"same-origin", "none"} else Verdict.ELSEWHERE
    origin = request.headers.get("Origin")
    if origin is None:
        return Verdict.UNTOLD
    if _host(origin) == _host(f"//{request.get_host()}"):
        return Verdict.OURS
    # Privacy add-ons in old browsers say `Origin: null` for ever. Whoever was shown the form again by us and
    # sends that one is let through, or such a person could never write to the clinic.
    return Verdict.UNTOLD if Shown.FROM_ELSEWHERE in was_shown(request.POST) else Verdict.ELSEWHERE


def _host(address: str) -> tuple[str | None, int | None]:
    """Return host and port, a scheme's usual port left out (behind a proxy the schemes may differ)."""
    try:
        parts = urlsplit(address.strip().lower())
        port = parts.port
    except ValueError:
        return None, None
    return parts.hostname, None if port in {80, 443} else port
