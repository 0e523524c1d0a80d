"""Logging without personal data."""

import logging
import traceback

logger = logging.getLogger(__name__)


def log_failure(what: str, error: Exception) -> None:
    """Log the error's type and place without its message, which may contain what a patient typed."""
    logger.error("%s: %s\n%s", what, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
