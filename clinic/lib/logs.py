"""Logging without personal data."""

import logging
import re
import traceback

logger = logging.getLogger(__name__)

# The address of Wagtail's page for a new password, which whoever knows it can open.
PASSWORD_LINK = re.compile(r"(/password_reset/confirm/)[^\s\"']+")


def without_password_links(text: str) -> str:
    return PASSWORD_LINK.sub(r"\1…", text)


class LineFormatter(logging.Formatter):
    """Leaves out what gives access, whichever library logs it."""

    def format(self, record: logging.LogRecord) -> str:
        return without_password_links(super().format(record))


def log_failure(what: str, error: Exception) -> None:
    """Log the error's type and place without its message, which may contain what a patient typed."""
    logger.error("%s: %s\n%s", what, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
