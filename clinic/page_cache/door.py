"""The WSGI wrapper: answers from a copy before Django makes a request of it, and makes the copies."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from threading import Event
from time import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from clinic.page_cache.copy import CACHE_CONTROL, CACHE_CONTROL_OF_QUERIES, OK, Copy, Headers
from clinic.page_cache.disk import LAST_GOOD, Disk
from clinic.page_cache.key import Keys
from clinic.page_cache.lifetime import ENDS, end_of_copy
from clinic.page_cache.store import Store
from clinic.page_cache.version import KnownVersion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from clinic.page_cache.key import Address

# As long as a first visitor's page may take; who has waited this long has it drawn for themselves.
SECONDS_TO_WAIT = 10
# Tells at once whom to call, so that nobody types into a form that cannot be kept (contact/views.py).
NEVER_FROM_DISK = "/enquiry/"
# Pictures would take the room of many pages and shrink no further.
TEXTS = ("text/", "application/xml", "application/json", "application/javascript", "image/svg")
MAIN = b'<main id="main" tabindex="-1">'


def install(application: WSGIApplication) -> WSGIApplication:
    """Return the site's application with the page cache before it, where the settings give it memory."""
    if not settings.PAGE_CACHE_BYTES:
        return application
    keys = Keys(settings.ALLOWED_HOSTS, settings.SITE_URL, settings.SESSION_COOKIE_NAME)
    return PageCache(application, keys, Store(settings.PAGE_CACHE_BYTES), Disk(Path(settings.PAGE_COPIES_DIR)))


class PageCache:
    def __init__(self, application: WSGIApplication, keys: Keys, store: Store, disk: Disk) -> None:
        self.application = application
        self.keys = keys
        self.store = store
        self.disk = disk
        # Memory holds the copies of one version alone: what was unpublished cannot come back from it.
        self.version = KnownVersion(on_change=store.clear)
        self.in_the_making: dict[Address, Event] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        address = self.keys.address_of(environ)
        if address is None:
            if self.keys.is_signed_in(environ):
                start_response = for_one_person(start_response)
            return self.application(environ, start_response)
        version = self.version.current()
        if version is None:
            return self.answer_without_database(address, environ, start_response)
        copy = self.store.get(address)
        if copy is not None and copy.version == version and time() < copy.until:
            return copy.send(environ, start_response)
        return self.answer_anew(address, version, environ, start_response)

    def answer_anew(
        self, address: Address, version: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Draw the page once, however many ask for it in the same moment; the others get the copy."""
        done = Event()
        others = self.in_the_making.setdefault(address, done)
        if others is not done:
            others.wait(SECONDS_TO_WAIT)
            copy = self.store.get(address)
            if copy is not None and copy.version == version and time() < copy.until:
                return copy.send(environ, start_response)
            # It was no page to keep, or it takes too long.
            return self.draw(address, version, environ, start_response)
        try:
            return self.draw(address, version, environ, start_response)
        finally:
            del self.in_the_making[address]
            done.set()

    def draw(
        self, address: Address, version: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        asked = as_anybody(environ, address)
        began = datetime.now(UTC)
        answer = Answer()
        response = self.application(asked, answer.start)
        failed = database_failed()
        if failed and answer.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            copy = self.last_good(address)
            if copy is not None:
                close(response)
                return copy.send(environ, start_response, age_of(copy))
        elif not failed and isinstance(response, HttpResponse) and answer.may_be_kept(response):
            until = end_of_copy(asked, began).timestamp()
            told = CACHE_CONTROL_OF_QUERIES if address.query else CACHE_CONTROL
            copy = Copy.of(response.content, answer.headers, version=version, until=until, cache_control=told)
            self.keep(address, copy)
            close(response)
            return copy.send(environ, start_response)
        elif environ.get("QUERY_STRING", "") != address.query:
            # No page, so that every parameter may count: that of an old address which is redirected, for instance.
            close(response)
            return self.application(environ, start_response)
        start_response(answer.status, answer.headers)
        return response

    def keep(self, address: Address, copy: Copy) -> None:
        self.store.put(address, copy)
        # Asked afresh, because what goes to disk has no second look: a page that was taken away while it was
        # drawn stays away.
        if not address.query and address.path != NEVER_FROM_DISK and self.version.is_still(copy.version):
            self.disk.keep(address, copy)

    def answer_without_database(
        self, address: Address, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        copy = self.store.get(address)
        if copy is None or copy.version != LAST_GOOD:
            copy = self.last_good(address)
            if copy is None:
                return self.application(environ, start_response)
            self.store.put(address, copy)  # until the database is back: the store is emptied then
        return copy.send(environ, start_response, age_of(copy))

    def last_good(self, address: Address) -> Copy | None:
        """Return the last good copy, with a line that says how old it is."""
        if address.path == NEVER_FROM_DISK:
            return None
        copy = self.disk.read(address)
        return with_its_age(copy) if copy else None


class Answer:
    """Django's status and headers, held back until it is clear what becomes of them."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []

    def start(self, status: str, headers: Headers, _exc_info: Any = None, /) -> Any:
        self.status, self.headers = status, headers

    @property
    def code(self) -> int:
        return int(self.status.partition(" ")[0])

    def may_be_kept(self, response: HttpResponse) -> bool:
        """Say whether everybody may have this answer: a text, for nobody in particular, with no cookie."""
        if self.status != OK or response.cookies or response.streaming:
            return False
        told = {name.lower(): value.lower() for name, value in self.headers}
        directives = {part.split("=")[0].strip() for part in told.get("cache-control", "").split(",")}
        varies_by = {part.strip() for part in told.get("vary", "").split(",")}
        is_text = told.get("content-type", "").startswith(TEXTS)
        return is_text and not (
            directives & {"private", "no-store", "no-cache"}
            or varies_by - {"accept-encoding", ""}
            or {"set-cookie", "content-encoding"} & told.keys()
        )


def as_anybody(environ: WSGIEnvironment, address: Address) -> WSGIEnvironment:
    """Return the request as every visitor could have made it: without headers that say who asks, or what a page
    might mistake for the address.
    """
    asked = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name == "HTTP_HOST"}
    asked.pop(ENDS, None)
    return asked | {"REQUEST_METHOD": "GET", "QUERY_STRING": address.query}


def database_failed() -> bool:
    """Say whether the database failed while this thread's request was answered, even if the page made do without."""
    return any(connection.errors_occurred for connection in connections.all(initialized_only=True))


def close(response: Iterable[bytes]) -> None:
    """End the request as a server does; Django looks after its connections then."""
    if hasattr(response, "close"):
        response.close()


def age_of(copy: Copy) -> Headers:
    seconds = max(0, int(time() - copy.made_at))
    made_at = datetime.fromtimestamp(copy.made_at, UTC)
    return [("Age", str(seconds)), ("X-Served-Stale", f"{made_at:%Y-%m-%dT%H:%M:%SZ}")]


def with_its_age(copy: Copy) -> Copy:
    """Return the copy with a line for readers that says of when it is; no cache keeps it."""
    made_at = timezone.localtime(datetime.fromtimestamp(copy.made_at, UTC))
    line = (
        f'<div class="notice wrap" role="status"><p>Something is wrong on our side. You see this page as it was on '
        f"{format_date(made_at, 'l, j F, G:i')}: whether we are open now, and our hours, may have changed. "
        f"Please call us rather than send the form.</p></div>"
    )
    headers = [pair for pair in copy.headers if pair[0].lower() != "cache-control"]
    content = copy.bodies["identity"].content.replace(MAIN, MAIN + line.encode(), 1)
    return Copy.of(
        content, [*headers, ("Cache-Control", "no-cache")], version=copy.version, until=0, made_at=copy.made_at
    )


def for_one_person(start_response: StartResponse) -> StartResponse:
    """Return a `start_response` that keeps pages with an editor's bar out of caches between us and the editor."""

    def start(status: str, headers: Headers, exc_info: Any = None, /) -> Any:
        if all(name.lower() != "cache-control" for name, _value in headers):
            headers = [*headers, ("Cache-Control", "private")]
        return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

    return start
