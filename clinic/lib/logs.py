"""Logging without personal data."""

import logging
import re
from textwrap import indent
from typing import Any

logger = logging.getLogger(__name__)

# The address of Wagtail's page for a new password: anyone who knows it can open it.
PASSWORD_LINK = re.compile(r"(/password_reset/confirm/)[^\s\"']+")


def without_password_links(text: str) -> str:
    return PASSWORD_LINK.sub(r"\1…", text)


def one_line(text: str) -> str:
    """Escape line breaks and control characters, so that no one can forge an entry (`GET /%0a…`)."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


class LineFormatter(logging.Formatter):
    """Writes one line for each message, and leaves out what gives access, whichever library logs it."""

    def format(self, record: logging.LogRecord) -> str:
        return without_password_links(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the name is the library's
        return one_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  as above
        """Indent the traceback: the text of an error may contain what looks like an entry."""
        return indent(super().formatException(ei), "  ")


def log_failure(what: str, error: Exception) -> None:
    """Log the error's type and place without its message, which may contain what a patient typed."""
    without_message = Exception()
    trace = type(without_message), without_message, error.__traceback__
    logger.error("%s: %s", what, type(error).__name__, exc_info=trace)
