"""Which requests share a copy: those that Django would answer with the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import WSGIEnvironment

# What has a door of its own, is for one person alone or is not a page.
NEVER_KEPT = (
    "/admin/", "/django-admin/", "/documents/", "/enquiry/sent/", "/healthz", "/landing/", "/media/",
    "/static/",
)  # fmt: skip
# The parameters that mean something. All others are dropped, so that `?utm_source=…` and `?x=random` find the
# page's one copy: they neither fill the cache nor get past it.
PARAMETERS = {"/search/": ("q", "page"), "/enquiry/": ("about",)}
LONGEST_QUERY = 300


class Address(NamedTuple):
    scheme: str
    host: str
    path: str
    query: str


class Keys:
    """Makes addresses for these hosts. A pattern such as `.clinic.example` stands for any number of names, each of
    which would have copies of its own: only names that are written out are kept.
    """

    def __init__(self, allowed_hosts: Iterable[str], site_url: str, session_cookie: str) -> None:
        names = {host.lower() for host in allowed_hosts if not host.startswith((".", "*"))}
        port = urlsplit(site_url).port
        self._hosts = names | ({f"{name}:{port}" for name in names} if port else set())
        self._session = f"{session_cookie}="

    def address_of(self, environ: WSGIEnvironment) -> Address | None:
        """Return where this request's copy is kept, or None where Django alone may answer."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        host = environ.get("HTTP_HOST", "")
        if host not in self._hosts and host.removesuffix(f":{environ['SERVER_PORT']}") not in self._hosts:
            return None
        path = environ.get("PATH_INFO", "")
        if path.startswith(NEVER_KEPT) or not path.startswith("/") or environ.get("SCRIPT_NAME"):
            return None
        if self.is_signed_in(environ) or "HTTP_AUTHORIZATION" in environ:
            return None
        query = environ.get("QUERY_STRING", "")
        if query:
            query = meaning_of(path, query)
            if len(query) > LONGEST_QUERY:
                return None
        return Address(environ["wsgi.url_scheme"], host, path, query)

    def is_signed_in(self, environ: WSGIEnvironment) -> bool:
        """Say whether a session cookie came, valid or not; a cookie whose name ends the same counts too."""
        return self._session in environ.get("HTTP_COOKIE", "")


def meaning_of(path: str, query: str) -> str:
    """Return the parameters that this page reads, in one order and spelling; as in Django, the last one counts."""
    names = PARAMETERS.get(path)
    if not names:
        return ""
    try:
        # As Django reads it: bytes that are no UTF-8 become question marks.
        given = parse_qs(query.encode("latin-1").decode("utf-8", "replace"), keep_blank_values=True)
    except ValueError:
        return query
    return urlencode([(name, given[name][-1]) for name in names if name in given])
