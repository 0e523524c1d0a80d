"""A database that was restarted is not a database that is down."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import InterfaceError, OperationalError, connection

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")


def once_more_if_lost(work: Callable[[], Answer]) -> Answer:
    """Return `work()`, run a second time on a new connection if the old one turned out to be dead.

    Only for work that may run twice. A busy database (SQLite's “database is locked”) is not asked again.
    """
    try:
        return work()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return work()
