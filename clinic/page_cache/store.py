"""Cached responses, ready to be sent: in memory up to a number of bytes, and the last good one of each page on disk.

Requests that Django would answer with the same bytes have the same key.
"""

import gzip
import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import time
from typing import NamedTuple, Self
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import brotli
from django.conf import settings
from django.utils.http import parse_http_date_safe

from clinic.lib.atomic_write import UNFINISHED, atomic_write
from clinic.lib.logs import log_once

Headers = list[tuple[str, str]]

# Browsers ask each time and usually get 304; a CDN is at most a minute late without a purge.
CACHE_CONTROL = "public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=86400"
# For pages with a query: what someone searches for or asks about is health information, not to be stored on the way.
CACHE_CONTROL_OF_QUERIES = "private, max-age=0"
# On the longest page brotli 10 costs 25 ms once, 13 ms more than 9, for 7 % fewer bytes; 11 costs 70 ms for 2 % more.
BROTLI_QUALITY = 10
GZIP_LEVEL = 9
HEADERS_OF_A_BODY = {"content-length", "content-encoding", "etag", "vary"}
HEADERS_OF_NOT_MODIFIED = {"cache-control", "content-location", "expires", "etag", "vary"}
# Other responses that are not for everyone say so in their headers.
FOR_MONITORS = ("/healthz", "/metrics", "/readyz")
NOT_CACHED = (*FOR_MONITORS, "/admin/", "/django-admin/", "/documents/", "/landing/", "/media/", "/static/")
LONGEST_QUERY = 300


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """`version`: the content version it was rendered from; `expires_at`, `rendered_at`: seconds since 1970; `bodies`
    and `headers`: by encoding.
    """

    version: str
    expires_at: float
    rendered_at: float
    bodies: dict[str, bytes]
    headers: dict[str, Headers]
    size: int

    @classmethod
    def build(cls, content: bytes, headers: Headers, *, version: str, expires_at: float) -> Self:
        """Return the response with this uncompressed content and these headers of Django's."""
        packed = [
            ("gzip", gzip.compress(content, GZIP_LEVEL, mtime=0)),
            ("br", brotli.compress(content, quality=BROTLI_QUALITY)),
        ]
        bodies = {"identity": content} | {encoding: body for encoding, body in packed if len(body) < len(content)}
        digest = hashlib.sha256(content).hexdigest()[:24]
        shared = [pair for pair in headers if pair[0].lower() not in HEADERS_OF_A_BODY]
        shared += [("Vary", "Accept-Encoding")]
        by_encoding: dict[str, Headers] = {}
        for encoding, body in bodies.items():
            own = [("ETag", f'"{digest}-{encoding}"'), ("Content-Length", str(len(body)))]
            own += [] if encoding == "identity" else [("Content-Encoding", encoding)]
            by_encoding[encoding] = shared + own
        return cls(version, expires_at, time(), bodies, by_encoding, sum(map(len, bodies.values())))

    def send(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answer a GET or HEAD request: with 304 if the browser has this content."""
        encoding = best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        encoding = encoding if encoding in self.bodies else "identity"
        headers = self.headers[encoding]
        if is_known(environ, dict(headers)):
            start_response("304 Not Modified", [pair for pair in headers if pair[0].lower() in HEADERS_OF_NOT_MODIFIED])
            return []
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.bodies[encoding]]


def is_known(environ: WSGIEnvironment, headers: dict[str, str]) -> bool:
    """Say whether the browser has the content with these headers (RFC 9110: a date counts only without ETags)."""
    known, since = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
    if known:
        # ETags are quoted, so that one is found whole in a list, whether or not a proxy has marked it as weak.
        return known.strip() == "*" or headers["ETag"] in known
    changed, since = parse_http_date_safe(headers.get("Last-Modified", "")), parse_http_date_safe(since or "")
    return changed is not None and since is not None and changed <= since


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """Return `br`, `gzip` or `identity` for this `Accept-Encoding`."""
    parts = [part.partition(";q=") for part in accepted.lower().replace(" ", "").split(",")]
    names = {name for name, _mark, weight in parts if weight.strip("0.") or not weight}
    return next((encoding for encoding in ("br", "gzip") if encoding in names), "identity")


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


class Store:
    """`most_bytes` limits the bodies in memory; `folder` is where pages are saved, which other processes share."""

    def __init__(self, most_bytes: int, folder: Path) -> None:
        self.most_bytes = most_bytes
        self.folder = folder
        self.size = 0
        self._responses: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self._lock = Lock()

    def get(self, key: CacheKey, version: str) -> CachedResponse | None:
        """Return the response in memory, if it is of this version and has not expired."""
        cached = self._responses.get(key)
        if cached is None or cached.version != version or time() >= cached.expires_at:
            return None
        with suppress(KeyError):  # another thread has just dropped it
            self._responses.move_to_end(key)
        return cached

    def put(self, key: CacheKey, cached: CachedResponse) -> None:
        """Keep the response in memory. When there are too many bytes the least recently used response to a query is
        dropped, or else that of a page: thousands of searches displace each other and no page.
        """
        with self._lock:
            self._drop(key)
            if cached.size > self.most_bytes:
                return
            self._responses[key] = cached
            self.size += cached.size
            while self.size > self.most_bytes:
                self._drop(next((key for key in self._responses if key.query), next(iter(self._responses))))

    def _drop(self, key: CacheKey) -> None:
        if dropped := self._responses.pop(key, None):
            self.size -= dropped.size

    def clear_memory(self) -> None:
        with self._lock:
            self._responses.clear()
            self.size = 0

    def save(self, key: CacheKey, cached: CachedResponse) -> None:
        """Write the page to disk; a full or read-only disk is logged once."""
        page: dict[str, object] = {"rendered_at": cached.rendered_at, "headers": cached.headers["identity"]}
        page["content"] = cached.bodies["identity"].decode()
        try:
            atomic_write(self._file(key), json.dumps(page).encode())
        except OSError as error:
            log_once(f"Pages cannot be saved in {self.folder}: {error.strerror}.")

    def start_after(self, withdrawal: str) -> None:
        """Remove the pages on disk unless they were saved after this withdrawal (`ContentVersion`)."""
        marker = self.folder.with_name(f"{self.folder.name}-withdrawal")
        try:
            if not marker.exists() or marker.read_text() != withdrawal:
                remove_files(self.folder)
                atomic_write(marker, withdrawal.encode())
        except OSError as error:
            log_once(f"Pages in {self.folder} cannot be removed: {error.strerror}.")

    def load(self, key: CacheKey) -> tuple[bytes, Headers, float] | None:
        """Return the page's content and headers as last saved, and when it was rendered; None without a whole file."""
        try:
            page = json.loads(self._file(key).read_bytes())
            headers = [(str(name), str(value)) for name, value in page["headers"]]
            return page["content"].encode(), headers, float(page["rendered_at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _file(self, key: CacheKey) -> Path:
        return self.folder / f"{hashlib.sha256(repr(tuple(key)).encode()).hexdigest()[:40]}.page"


def remove_files(folder: Path) -> None:
    """Remove every page saved in the folder, and unfinished files; other processes may be doing the same."""
    for pattern in ("*.page", f"*{UNFINISHED}"):
        for file in folder.glob(pattern):
            file.unlink(missing_ok=True)
