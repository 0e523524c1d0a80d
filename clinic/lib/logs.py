"""What may stand in a log: never what a patient typed."""

import logging
import traceback

logger = logging.getLogger(__name__)


def log_failure(what: str, error: Exception) -> None:
    """Log the error's kind and place, without its words: they may hold what a patient typed."""
    logger.error("%s: %s\n%s", what, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
