"""Finishes pages, and sends the Content-Security-Policy: one fixed policy for the admins, a stricter one elsewhere.

Django 6.0 brings the policy itself; the settings already have its names and shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse

from clinic.frontend.postprocess import finish
from clinic.frontend.stylesheet import stylesheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest, HttpResponseBase

HEADER = "Content-Security-Policy"
WAGTAIL_PREFIX = "/admin/"
DJANGO_ADMIN_PREFIX = "/django-admin/"


class ContentSecurityPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if HEADER not in response:
            response[HEADER] = policy_for(request.path, finished(request, response))
        return response


def finished(request: HttpRequest, response: HttpResponseBase) -> str:
    """Finish a page of the site's, and return the source of the sheet that stands in it."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    is_public = not request.path.startswith((WAGTAIL_PREFIX, DJANGO_ADMIN_PREFIX))
    if not (is_page and is_public and isinstance(response, HttpResponse)):
        return stylesheet().csp_source
    html, sheet = finish(response.content.decode(response.charset))
    response.content = html.encode(response.charset)
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))
    return sheet.csp_source


def policy_for(path: str, sheet_source: str) -> str:
    """Return the policy of this path: Wagtail's admin needs inline scripts and styles, nothing else does."""
    if path.startswith(WAGTAIL_PREFIX):
        return as_header(settings.SECURE_CSP_ADMIN)
    inlined = {"style-src": [*settings.SECURE_CSP["style-src"], sheet_source]}
    return as_header({**settings.SECURE_CSP, **inlined})


def as_header(policy: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in policy.items())
