"""Which requests share a cached response: those that Django would answer with the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import WSGIEnvironment

# Other responses that are not for everyone say so in their headers.
NOT_CACHED = (
    "/admin/",
    "/django-admin/",
    "/documents/",
    "/healthz",
    "/landing/",
    "/media/",
    "/readyz",
    "/share/",
    "/static/",
)
LONGEST_QUERY = 300


class CacheKey(NamedTuple):
    scheme: str
    host: str
    path: str
    query: str


class KeyMaker:
    """`parameters`: the names of those that a page reads, by its path. All others are dropped: `?utm_source=…` and
    `?x=random` share the page's one response.

    Patterns in `allowed_hosts` such as `.clinic.example` match any number of names, which could fill the cache.
    """

    def __init__(self, allowed_hosts: Iterable[str], site_url: str, parameters: Mapping[str, tuple[str, ...]]) -> None:
        hosts = {host.lower() for host in allowed_hosts if not host.startswith((".", "*"))}
        port = urlsplit(site_url).port
        self.hosts = hosts | ({f"{host}:{port}" for host in hosts} if port else set())
        self.parameters = parameters

    def key_of(self, environ: WSGIEnvironment) -> CacheKey | None:
        """Return the request's key, or None if its response must not come from the cache."""
        path, host = environ.get("PATH_INFO", ""), environ.get("HTTP_HOST", "")
        is_page = path.startswith("/") and not path.startswith(NOT_CACHED) and not environ.get("SCRIPT_NAME")
        is_our_host = host in self.hosts or host.removesuffix(f":{environ['SERVER_PORT']}") in self.hosts
        is_anonymous = not has_session(environ) and "HTTP_AUTHORIZATION" not in environ
        if not (environ["REQUEST_METHOD"] in {"GET", "HEAD"} and is_page and is_our_host and is_anonymous):
            return None
        query = environ.get("QUERY_STRING", "")
        query = relevant(query, self.parameters.get(path, ())) if query else ""
        return CacheKey(environ["wsgi.url_scheme"], host, path, query) if len(query) <= LONGEST_QUERY else None


def has_session(environ: WSGIEnvironment) -> bool:
    """Say whether a session cookie was sent, valid or not; any cookie with a name that ends the same counts too."""
    return f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", "")


def relevant(query: str, names: Iterable[str]) -> str:
    """Return the parameters with these names, in this order; as in Django, the last value of each."""
    # Bytes that are not UTF-8 become question marks, as in Django.
    given = parse_qs(query.encode("latin-1").decode("utf-8", "replace"), keep_blank_values=True)
    return urlencode([(name, given[name][-1]) for name in names if name in given])
