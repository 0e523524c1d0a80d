"""Which requests share a cached response: those that Django would answer with the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import WSGIEnvironment

# Other URLs are not cached because of their responses' headers; for these it is known before.
NOT_CACHED = ("/admin/", "/django-admin/", "/documents/", "/healthz", "/landing/", "/media/", "/share/", "/static/")
LONGEST_QUERY = 300


class CacheKey(NamedTuple):
    scheme: str
    host: str
    path: str
    query: str


class KeyMaker:
    """`parameters`: by path, the names of the parameters that its page reads. All others are dropped, so that
    `?utm_source=…` and `?x=random` share the page's one response.

    Patterns in `allowed_hosts` such as `.clinic.example` match any number of names, which could fill the cache: only
    hosts that are written out are cached.
    """

    def __init__(
        self,
        allowed_hosts: Iterable[str],
        site_url: str,
        session_cookie: str,
        parameters: Mapping[str, tuple[str, ...]],
    ) -> None:
        hosts = {host.lower() for host in allowed_hosts if not host.startswith((".", "*"))}
        port = urlsplit(site_url).port
        self.parameters = parameters
        self._hosts = hosts | ({f"{host}:{port}" for host in hosts} if port else set())
        self._session = f"{session_cookie}="

    def key_of(self, environ: WSGIEnvironment) -> CacheKey | None:
        """Return the request's key, or None if its response must not come from the cache."""
        path, host = environ.get("PATH_INFO", ""), environ.get("HTTP_HOST", "")
        if (
            environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
            or path.startswith(NOT_CACHED)
            or not path.startswith("/")
            or environ.get("SCRIPT_NAME")
            or (host not in self._hosts and host.removesuffix(f":{environ['SERVER_PORT']}") not in self._hosts)
            or self.has_session(environ)
            or "HTTP_AUTHORIZATION" in environ
        ):
            return None
        query = environ.get("QUERY_STRING", "")
        query = relevant(query, self.parameters.get(path, ())) if query else ""
        return CacheKey(environ["wsgi.url_scheme"], host, path, query) if len(query) <= LONGEST_QUERY else None

    def has_session(self, environ: WSGIEnvironment) -> bool:
        """Say whether a session cookie was sent, valid or not; a cookie whose name ends the same counts too."""
        return self._session in environ.get("HTTP_COOKIE", "")


def relevant(query: str, names: Iterable[str]) -> str:
    """Return the parameters with these names, in this order; as in Django, the last value of each."""
    # Bytes that are not UTF-8 become question marks, as in Django.
    given = parse_qs(query.encode("latin-1").decode("utf-8", "replace"), keep_blank_values=True)
    return urlencode([(name, given[name][-1]) for name in names if name in given])
