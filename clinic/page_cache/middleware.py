"""WSGI middleware: answers from the cache before Django builds a request, and fills the cache."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection, connections
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from wagtail.models import Site

from clinic.models import ContentVersion
from clinic.models.content_version import withdrawal_of
from clinic.page_cache.invalidation import EXPIRES_AT, earliest_expiry
from clinic.page_cache.store import (
    CACHE_CONTROL,
    CACHE_CONTROL_OF_QUERIES,
    CachedResponse,
    CacheKey,
    Headers,
    KeyMaker,
    Store,
)

SECONDS_BETWEEN_READS = 1.0
# How long other threads wait for the one that reads. Longer means that the database is in trouble.
SECONDS_TO_WAIT = 1.0
# Pictures would take the space of many pages and do not compress.
TEXTS = ("text/", "application/xml", "application/json", "application/javascript", "image/svg")
MAIN = b'<main id="main" tabindex="-1">'


def with_page_cache(application: WSGIApplication) -> WSGIApplication:
    """Return the application behind the page cache, unless the settings give the cache no memory."""
    if not settings.PAGE_CACHE_BYTES:
        return application
    parameters = {reverse(view): names for view, names in settings.PAGE_CACHE_PARAMETERS.items()}
    keys = KeyMaker(settings.ALLOWED_HOSTS, settings.SITE_URL, parameters)
    return PageCache(application, keys, Store(settings.PAGE_CACHE_BYTES, Path(settings.PAGE_COPIES_DIR)))


class KnownVersion:
    """The content version as this process knows it; read only when a request comes, at most once a second.

    Calls `on_change` with the version when it has changed, and when the database is back.
    """

    def __init__(self, on_change: Callable[[str], None], clock: Callable[[], float] = monotonic) -> None:
        self._on_change = on_change
        self._clock = clock
        self._lock = Lock()
        self._token: str | None = None
        self._is_down = False
        self._read_at = float("-inf")

    def current(self) -> str | None:
        """Return the version as it was at most a second ago, or None while the database is down."""
        if self._clock() - self._read_at >= SECONDS_BETWEEN_READS:
            # While the database is down one thread at a time waits for it; the others answer from disk.
            if not self._lock.acquire(timeout=0 if self._is_down else SECONDS_TO_WAIT):
                return None
            try:
                if self._clock() - self._read_at >= SECONDS_BETWEEN_READS:
                    self._read()
            finally:
                self._lock.release()
        return None if self._is_down else self._token

    @staticmethod
    def is_still(token: str) -> bool:
        """Read the version again and compare; False while the database is down."""
        with suppress(DatabaseError):
            return ContentVersion.current() == token
        return False

    def _read(self) -> None:
        started_at = self._clock()
        try:
            close_old_connections()
            token = ContentVersion.current()
        except DatabaseError:
            connection.close()
            # Counted from the end of a long wait, so that the next one does not follow at once.
            self._is_down, self._read_at = True, self._clock()
            return
        if token != self._token or self._is_down:
            self._on_change(token)
        # The time before the query: what was published after it is seen at most a second later.
        self._token, self._is_down, self._read_at = token, False, started_at


class PageCache:
    def __init__(self, application: WSGIApplication, keys: KeyMaker, store: Store) -> None:
        self.application = application
        self.keys = keys
        self.store = store
        self.version = KnownVersion(on_change=self._forget)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        key = self.keys.key_of(environ)
        if key is None:
            return self.application(environ, start_response)
        version = self.version.current()
        if version is None:
            stale = self._stale(key)
            return stale.send(environ, start_response) if stale else self.application(environ, start_response)
        if cached := self.store.get(key, version):
            return cached.send(environ, start_response)
        return self._render(key, version, environ, start_response)

    def _render(
        self, key: CacheKey, version: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        anonymous, began = anonymous_request(environ, key), datetime.now(UTC)
        held: list[Any] = []

        def hold(status: str, headers: Headers, _exc_info: Any = None, /) -> Any:
            held[:] = status, headers

        response = self.application(anonymous, hold)
        failed = any(one.errors_occurred for one in connections.all(initialized_only=True))
        page = response if isinstance(response, HttpResponse) else None
        if failed and page and page.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and (stale := self._stale(key)):
            page.close()
            return stale.send(environ, start_response)
        if page and not failed and is_cacheable(page):
            page.setdefault("Cache-Control", CACHE_CONTROL_OF_QUERIES if key.query else CACHE_CONTROL)
            expires_at = earliest_expiry(anonymous, began).timestamp()
            cached = CachedResponse.build(page.content, [*page.items()], version=version, expires_at=expires_at)
            self._save(key, cached)
            page.close()
            return cached.send(environ, start_response)
        if not failed and environ.get("QUERY_STRING", "") != key.query:
            # Not a page, so any parameter may matter: that of an old URL with a redirect, for example.
            getattr(response, "close", lambda: None)()
            return self.application(environ, start_response)
        start_response(*held)
        return response

    def _save(self, key: CacheKey, cached: CachedResponse) -> None:
        self.store.put(key, cached)
        # Pages with parameters are not for the disk: searches are health information, and the enquiry page must say at
        # once that it cannot save anything. The version is read again: a page that was unpublished while it was
        # rendered must not be written after the files were removed.
        if key.path not in self.keys.parameters and self.version.is_still(cached.version):
            self.store.save(key, cached)

    def _stale(self, key: CacheKey) -> CachedResponse | None:
        """Return the last good response, from disk, with a line that says how old it is."""
        saved = self.store.load(key)
        return stale_response(*saved) if saved else None

    def _forget(self, version: str) -> None:
        self.store.start_after(withdrawal_of(version))
        # Memory holds responses of one version only: what was unpublished cannot come back.
        self.store.clear_memory()
        # Wagtail caches the sites' addresses in each process for an hour.
        Site.clear_site_root_paths_cache()


def is_cacheable(response: HttpResponse) -> bool:
    """Say whether every visitor may get this response: a text without cookies that varies by nothing else."""
    directives = {part.partition("=")[0].strip() for part in response.get("Cache-Control", "").lower().split(",")}
    varies_by = {part.strip() for part in response.get("Vary", "").lower().split(",")} - {"accept-encoding", ""}
    return (
        response.status_code == HTTPStatus.OK
        and response.get("Content-Type", "").startswith(TEXTS)
        and not (response.cookies or varies_by or response.has_header("Content-Encoding"))
        and not directives & {"private", "no-store", "no-cache"}
    )


def anonymous_request(environ: WSGIEnvironment, key: CacheKey) -> WSGIEnvironment:
    """Return the request without headers that say who sends it, or that a page could mistake for its address."""
    anonymous = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name == "HTTP_HOST"}
    anonymous.pop(EXPIRES_AT, None)
    return anonymous | {"REQUEST_METHOD": "GET", "QUERY_STRING": key.query}


def stale_response(content: bytes, headers: Headers, rendered_at: float) -> CachedResponse:
    """Return the page with a line that says when it was rendered; caches on the way do not store it."""
    then = timezone.localtime(datetime.fromtimestamp(rendered_at, UTC))
    line = (
        f'<div class="message wrap" role="status"><p>Something is wrong on our end. This is a copy of the page from '
        f"{format_date(then, 'l, F j, g:i a')}. Our hours, and whether we are open now, may have changed since then. "
        f"Please call us instead of sending the form.</p></div>"
    )
    content = content.replace(MAIN, MAIN + line.encode(), 1)
    headers = [pair for pair in headers if pair[0].lower() != "cache-control"]
    headers += [("Cache-Control", "no-cache"), ("X-Served-Stale", f"{then:%Y-%m-%dT%H:%M:%S%z}")]
    return CachedResponse.build(content, headers, version="", expires_at=0)
