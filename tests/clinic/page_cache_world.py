"""A site behind the page cache, visited as a server visits it: by WSGI, on connections that are really made."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

import brotli
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, connections

from clinic.page_cache.disk import Disk
from clinic.page_cache.door import PageCache, close
from clinic.page_cache.key import Keys
from clinic.page_cache.store import Store
from clinic.page_cache.version import KnownVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from django.http import HttpResponse

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return UNPACK[self.headers.get("Content-Encoding", "identity")](self.body).decode()


class Counted:
    """An application that counts how often it is asked."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.times = 0
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._lock:
            self.times += 1
        return self.application(environ, start_response)


class AlwaysTheSame(KnownVersion):
    """The version of a site that never changes and needs no database."""

    def current(self) -> str:
        return "1"

    @staticmethod
    def is_still(token: str) -> bool:
        return bool(token)


class World:
    """The site as one process has it; `later()` lets a second of its version's clock pass.

    With an `application` in Django's place there is no database.
    """

    def __init__(self, folder: Path, application: WSGIApplication | None = None, most_bytes: int = 10**7) -> None:
        self.seconds = 1000.0
        self.django = Counted(application or WSGIHandler())
        keys = Keys(["testserver", ".clinic.example"], "http://testserver", "sessionid")
        self.cache = PageCache(self.django, keys, Store(most_bytes), Disk(folder))
        self.cache.version._clock = lambda: self.seconds
        if application:
            # Django looks after open connections at the end of a request; other tests may have left one.
            connections.close_all()
            self.cache.version = AlwaysTheSame(on_change=self.cache.store.clear)

    def later(self, seconds: float = 1.0) -> None:
        self.seconds += seconds

    def get(self, path: str = "/", method: str = "GET", **environ: Any) -> Reply:
        return visit(self.cache, path, method, **environ)

    def draws(self, path: str = "/", **environ: Any) -> bool:
        """Say whether Django is asked for this request."""
        before = self.django.times
        self.get(path, **environ)
        return self.django.times > before


def visit(application: WSGIApplication, path: str = "/", method: str = "GET", **environ: Any) -> Reply:
    """Ask for a page; `environ` is added to the request as it stands (`HTTP_HOST`, `HTTP_COOKIE` …)."""
    address, _mark, query = path.partition("?")
    asked: dict[str, Any] = {"PATH_INFO": address, "QUERY_STRING": query, "REQUEST_METHOD": method}
    asked |= {"HTTP_HOST": "testserver", "SERVER_NAME": "testserver"} | environ
    setup_testing_defaults(asked)
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
        told[:] = [status, headers]

    answer = application(asked, start)
    body = b"".join(answer)
    close(answer)
    return Reply(int(told[0].split()[0]), dict(told[1]), body)


@contextmanager
def database_lost() -> Iterator[None]:
    """From here on no connection can be made, and those that were are closed."""
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


def queries_during(work: Callable[[], object]) -> int:
    """Return how often the database is asked, whether it answers or not."""
    asked = 0

    def count(execute: Callable[..., Any], *rest: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*rest)

    with connections["default"].execute_wrapper(count):
        work()
    return asked


def answering(make: Callable[[], Any]) -> WSGIApplication:
    """Return an application that gives Django's answers as Django does."""

    def application(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response: HttpResponse = make()
        cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        start_response(f"{response.status_code} {response.reason_phrase}", [*response.items(), *cookies])
        return response

    return application
