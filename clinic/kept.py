"""What all pages share, kept in memory until the next content version: sites, the page tree, the clinic's details.

Only what was committed is kept. So inside a transaction everything is read for this one request, and outside of
requests each time anew. A request asks once which version there is: every answer is made of what was published before
it began, whichever process publishes, and an editor never sees an old menu on a new page.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

Value = TypeVar("Value")
# Few things are kept. More come from made-up host names, and must not fill the memory.
MOST = 1000
MISSING: Any = object()

# By key: the version it was made from, and what it is.
_memory: dict[Hashable, tuple[str, Any]] = {}


def kept(key: Hashable, make: Callable[[], Value]) -> Value:
    """Return what `make` returns, made once for each content version. All threads share it: read it, change nothing."""
    reading = _reading.get()
    if reading is None:
        return make()
    value = reading.find(key)
    if value is MISSING:
        version = reading.version
        value = make()
        reading.keep(key, value, version)
    return value


def kept_each(kind: str, numbers: Iterable[int], fetch: Callable[[set[int]], dict[int, Value]]) -> dict[int, Value]:
    """Do the same for several of a kind, by number: `fetch` is called once at most, for those that are not kept yet."""
    reading = _reading.get()
    if reading is None:
        return fetch(set(numbers))
    found = {number: reading.find((kind, number)) for number in numbers}
    if missing := {number for number, value in found.items() if value is MISSING}:
        version = reading.version
        for number, value in fetch(missing).items():
            found[number] = value
            reading.keep((kind, number), value, version)
    return {number: value for number, value in found.items() if value is not MISSING}


class Reading:
    """What one request has read so far."""

    def __init__(self) -> None:
        self.values: dict[Hashable, Any] = {}
        # Known once something was looked for in the memory. What is made has the version that was asked before:
        # whatever is published in the meantime has a newer one.
        self.version = ""

    def find(self, key: Hashable) -> Any:
        if key not in self.values and not transaction.get_connection().in_atomic_block:
            self.version = self.version or current_version()
            version, value = _memory.get(key, ("", None))
            if version == self.version:
                self.values[key] = value
        return self.values.get(key, MISSING)

    def keep(self, key: Hashable, value: Any, version: str) -> None:
        self.values[key] = value
        connection = transaction.get_connection()
        # What was made while the database failed may be a makeshift.
        if version and not connection.in_atomic_block and not connection.errors_occurred:
            if len(_memory) >= MOST:
                _memory.clear()
            _memory[key] = version, value

    def forget(self) -> None:
        self.values.clear()
        self.version = ""


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def current_version() -> str:
    """Return the content version and the day: like the copies of pages, what is kept ends at midnight at the latest."""
    # By name: what pages are made of reads here, too, and must know no model.
    return f"{apps.get_model('clinic', 'ContentVersion').current()} {timezone.localdate()}"


@contextmanager
def one_reading() -> Iterator[None]:
    """Read everything once at most, also where there is no request."""
    if _reading.get() is not None:
        yield
        return
    token = _reading.set(Reading())
    try:
        yield
    finally:
        _reading.reset(token)


def read_anew() -> None:
    """Forget what this request has read: it is changing something itself."""
    if reading := _reading.get():
        reading.forget()


def forget_everything() -> None:
    _memory.clear()
    read_anew()


def connect() -> None:
    request_started.connect(_begin, dispatch_uid="kept")
    request_finished.connect(_end, dispatch_uid="kept")


def _begin(**_kwargs: Any) -> None:
    _reading.set(Reading())


def _end(**_kwargs: Any) -> None:
    _reading.set(None)
