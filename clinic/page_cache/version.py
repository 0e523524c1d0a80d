"""The content version as one process knows it: asked at most once a second, whoever wants to know."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from clinic.models import ContentVersion

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS_BETWEEN = 1.0
# How long others wait for the thread that asks. Longer means that the database is in trouble.
PATIENCE = 1.0


class KnownVersion:
    """Calls `on_change` when the version is another one than before, and when the database is back."""

    def __init__(self, on_change: Callable[[], None], clock: Callable[[], float] = monotonic) -> None:
        self._on_change = on_change
        self._clock = clock
        self._lock = Lock()
        self._token: str | None = None
        self._is_gone = False
        self._asked_at = float("-inf")

    def current(self) -> str | None:
        """Return the version as it was at most a second ago, or None when the database does not answer."""
        if self._clock() - self._asked_at < SECONDS_BETWEEN:
            return None if self._is_gone else self._token
        # While the database is gone one thread at a time waits for it; the others have a visitor to answer.
        if not self._lock.acquire(timeout=0 if self._is_gone else PATIENCE):
            return None
        try:
            if self._clock() - self._asked_at >= SECONDS_BETWEEN:
                self._ask()
            return None if self._is_gone else self._token
        finally:
            self._lock.release()

    @staticmethod
    def is_still(token: str) -> bool:
        """Ask afresh whether this is the version; no when the database does not answer."""
        try:
            return ContentVersion.current() == token
        except DatabaseError:
            return False

    def _ask(self) -> None:
        asked_at = self._clock()
        try:
            close_old_connections()
            token = ContentVersion.current()
        except DatabaseError:
            connection.close()
            # Counted from the end of a long wait: the next one comes a second after it, not at once.
            self._is_gone, self._asked_at = True, self._clock()
            return
        if token != self._token or self._is_gone:
            self._on_change()
        # The moment before the question: what was published after it is seen a second later at the latest.
        self._token, self._is_gone, self._asked_at = token, False, asked_at
