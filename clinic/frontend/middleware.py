"""Postprocess public pages, and send the security headers that Django has no settings for.

The Content-Security-Policy of public pages is stricter than that of the admins.

Django 6.0 has its own support for the policy; the settings already have the names and shape that it uses.
"""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from clinic.frontend.postprocess import postprocess
from clinic.frontend.stylesheet import stylesheet

HEADER = "Content-Security-Policy"
WAGTAIL_PREFIX = "/admin/"
DJANGO_ADMIN_PREFIX = "/django-admin/"
# No page, and nothing embedded in one, uses these.
UNUSED = ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",  # other sites' pages cannot embed ours, pictures included
}

RETRY_AFTER = "300"  # seconds, by which time a database may be back


class HeadersMiddleware(MiddlewareMixin):
    """Comes before whitenoise, so that static files have the headers too."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # Pages with an editor's bar stay out of caches on the way to the editor.
            response.setdefault("Cache-Control", "private")
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            response.setdefault("Retry-After", RETRY_AFTER)
        return response


class ContentSecurityPolicyMiddleware(MiddlewareMixin):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if HEADER not in response:
            response[HEADER] = policy_for(request.path, postprocess_page(request, response))
        return response


def postprocess_page(request: HttpRequest, response: HttpResponseBase) -> str:
    """Postprocess the response if it is a public page, and return the CSP source of its style sheet."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    is_public = not request.path.startswith((WAGTAIL_PREFIX, DJANGO_ADMIN_PREFIX))
    if not (is_page and is_public and isinstance(response, HttpResponse)):
        return stylesheet().csp_source
    html, sheet = postprocess(response.content.decode(response.charset))
    response.content = html.encode(response.charset)
    if "Content-Length" in response:
        response["Content-Length"] = str(len(response.content))
    return sheet.csp_source


def policy_for(path: str, sheet_source: str) -> str:
    """Return the policy of this path. Only Wagtail's admin needs inline scripts and styles."""
    policy = settings.SECURE_CSP_ADMIN
    if not path.startswith(WAGTAIL_PREFIX):
        policy = settings.SECURE_CSP | {"style-src": [*settings.SECURE_CSP["style-src"], sheet_source]}
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in policy.items())
