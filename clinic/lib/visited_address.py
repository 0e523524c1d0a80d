"""WSGI middleware: the address that the visitor's browser shows, behind the proxies in front of the site."""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http.request import split_domain_port


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
