"""A site behind the page cache, called by WSGI as a server does, on real database connections."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

import brotli
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, connections
from django.http import HttpResponse
from django.urls import reverse

from clinic.page_cache.middleware import PageCache
from clinic.page_cache.store import KeyMaker, Store

UNPACK: dict[str, Callable[[bytes], bytes]] = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return UNPACK[self.headers.get("Content-Encoding", "")](self.body).decode()


class CachedSite:
    """The site in one process; with an `application` in Django's place, without a database."""

    def __init__(self, folder: Path, application: WSGIApplication | None = None) -> None:
        self.seconds = 1000.0
        self.renderings = 0
        self.application = application or WSGIHandler()
        parameters = {reverse(view): names for view, names in settings.PAGE_CACHE_PARAMETERS.items()}
        keys = KeyMaker(["testserver", ".clinic.example"], "http://testserver", parameters)
        self.store = Store(10**7, folder)
        self.cache = PageCache(self._count, keys, self.store)
        self.cache.version._clock = lambda: self.seconds
        if application:
            connections.close_all()
            self.cache.version = Mock(**{"current.return_value": "1", "is_still.return_value": True})

    def _count(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.renderings += 1
        return self.application(environ, start_response)

    def later(self, seconds: float = 1.0) -> None:
        """Advance the clock of the content version."""
        self.seconds += seconds

    def get(self, path: str = "/", method: str = "GET", **environ: Any) -> Reply:
        return visit(self.cache, path, method, **environ)

    def renders(self, path: str = "/", **environ: Any) -> bool:
        """Say whether Django is asked for this request."""
        before = self.renderings
        self.get(path, **environ)
        return self.renderings > before


def visit(application: WSGIApplication, path: str = "/", method: str = "GET", **environ: Any) -> Reply:
    """Request a page; `environ` is added to the request as it is (`HTTP_HOST`, `HTTP_COOKIE` …)."""
    address, _mark, query = path.partition("?")
    asked: dict[str, Any] = {"PATH_INFO": address, "QUERY_STRING": query, "REQUEST_METHOD": method}
    asked |= {"HTTP_HOST": "testserver", "SERVER_NAME": "testserver"} | environ
    setup_testing_defaults(asked)
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
        started[:] = [status, headers]

    answer = application(asked, start)
    body = b"".join(answer)
    getattr(answer, "close", lambda: None)()  # as a server ends a request
    return Reply(int(started[0].split()[0]), dict(started[1]), body)


@contextmanager
def database_lost() -> Iterator[None]:
    """Close the connections, and let no new one be made."""
    connection = connections["default"]
    close_old_connections()
    connection.close()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "/nowhere/at/all" if connection.vendor == "sqlite" else "no_such_database"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def answering(respond: Callable[[WSGIEnvironment], Any]) -> WSGIApplication:
    """Return an application that sends these responses as Django does."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response: HttpResponse = respond(environ)
        cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        start_response(f"{response.status_code} {response.reason_phrase}", [*response.items(), *cookies])
        return response

    return application
