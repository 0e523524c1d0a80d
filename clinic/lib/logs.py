"""Logging without personal data: one line for each entry, or a JSON object (`LOG_FORMAT`)."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from textwrap import indent
from typing import Any
from uuid import uuid4

logger = logging.getLogger(__name__)

GIVEN_ID = re.compile(r"[0-9a-f]{16,32}")  # as nginx makes them
request_id: ContextVar[str] = ContextVar("request_id", default="-")
# The address of Wagtail's page for a new password: anyone who knows it can open it.
PASSWORD_LINK = re.compile(r"(/password_reset/confirm/)[^\s\"']+")


def one_line(text: str) -> str:
    """Escape line breaks and control characters, so that no one can forge an entry (`GET /%0a…`)."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


class LineFormatter(logging.Formatter):
    """Writes one line for each message, and leaves out what gives access, whichever library logs it."""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return PASSWORD_LINK.sub(r"\1…", super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802  the library's name
        return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the name is the library's
        return one_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  as above
        """Indent the traceback: the text of an error may contain what looks like an entry."""
        return indent(super().formatException(ei), "  ")


class JsonFormatter(LineFormatter):
    """Writes the same as one JSON object a line, for programs that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        trace = self.formatException(record.exc_info) if record.exc_info else None
        entry = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
            "message": PASSWORD_LINK.sub(r"\1…", record.getMessage()),
            "trace": trace and PASSWORD_LINK.sub(r"\1…", trace),
        }
        return json.dumps(entry, ensure_ascii=False)


def with_request_id(application: Callable[..., Any]) -> Callable[..., Any]:
    """Give everything that is logged during a request the same id: the proxy's (`X-Request-ID`), or a new one."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id.set(given if GIVEN_ID.fullmatch(given) else uuid4().hex)
        return application(environ, start_response)

    return answer


@lru_cache(maxsize=10)
def log_once(message: str) -> None:
    """Log an error that comes again with each request, such as a full disk, for which the worker raises an alarm."""
    logger.error(message)


@contextmanager
def failures_logged(what: str, kind: type[Exception] = Exception) -> Iterator[None]:
    """Log an error of this kind in the block, and go on after it: for what must never fail."""
    try:
        yield
    except kind as error:
        log_failure(what, error)


def log_failure(what: str, error: Exception) -> None:
    """Log the error's type and place without its message, which may contain what a patient typed."""
    without_message = Exception()
    trace = type(without_message), without_message, error.__traceback__
    logger.error("%s: %s", what, type(error).__name__, exc_info=trace)
