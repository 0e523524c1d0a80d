"""What a request asks for, and where it comes from behind the proxies in front of the site."""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.request import split_domain_port
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

METHODS = ("GET", "HEAD", "OPTIONS", "POST")


class MethodMiddleware(MiddlewareMixin):
    """Comes before the check of the CSRF token, which would answer 403."""

    def process_view(self, request: HttpRequest, view: Any, *_arguments: Any) -> HttpResponseNotAllowed | None:
        # Views that are exempt from that check answer for themselves.
        answers_itself = request.method in METHODS or getattr(view, "csrf_exempt", False)
        return None if answers_itself else HttpResponseNotAllowed(METHODS)


def read_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer GET and HEAD; a POST gets 405, not the 403 of a missing CSRF token: the view changes nothing."""
    return csrf_exempt(require_safe(view))


def parse_pk(typed: str) -> int | None:
    """Return the number if it has at most nine digits, which every key column can hold; else None."""
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed) else None


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


def with_visited_address(application: WSGIApplication) -> WSGIApplication:
    """Set the scheme that the visitor used, and redirect from the host name with `www.`, or without, to the site's."""
    site_host = split_domain_port(urlsplit(settings.SITE_URL).netloc)[0]
    other_host = site_host.removeprefix("www.") if site_host.startswith("www.") else f"www.{site_host}"

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REMOTE_ADDR", "") in settings.TRUSTED_PROXIES:
            environ["wsgi.url_scheme"] = visited_scheme(environ)
        if split_domain_port(environ.get("HTTP_HOST", ""))[0] != other_host:
            return application(environ, start_response)
        is_safe = environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        status = HTTPStatus.MOVED_PERMANENTLY if is_safe else HTTPStatus.PERMANENT_REDIRECT
        location = settings.SITE_URL + WSGIRequest(environ).get_full_path()
        start_response(f"{status.value} {status.phrase}", [("Location", location), ("Content-Length", "0")])
        return []

    return answer


def visited_scheme(environ: WSGIEnvironment) -> str:
    """Return `http` or `https`. Of several proxies, the first saw the visitor.

    Cloudflare's “flexible” mode uses HTTP for a visitor's HTTPS: a redirect to HTTPS would never end.
    """
    first = environ.get("HTTP_X_FORWARDED_PROTO", "").partition(",")[0].strip().lower()
    is_https = first == "https" or '"https"' in environ.get("HTTP_CF_VISITOR", "")
    return "https" if is_https else "http" if first else environ["wsgi.url_scheme"]
