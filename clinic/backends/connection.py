"""Reconnect after the database was restarted."""

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

Answer = TypeVar("Answer")


def retry_on_lost_connection(work: Callable[[], Answer]) -> Answer:
    """Return `work()`, run a second time on a new connection if the old one is dead.

    Only for work that may run twice. A busy database (SQLite's “database is locked”) is not retried.
    """
    try:
        return work()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return work()
