"""The content version as one process knows it; read only when a request comes, at most once a second."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from time import monotonic

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from clinic.models import ContentVersion

SECONDS_BETWEEN_READS = 1.0
# How long other threads wait for the one that reads. Longer means that the database is in trouble.
SECONDS_TO_WAIT = 1.0


class KnownVersion:
    """Calls `on_change` with the version when it has changed, and when the database is back."""

    def __init__(self, on_change: Callable[[str], None], clock: Callable[[], float] = monotonic) -> None:
        self._on_change = on_change
        self._clock = clock
        self._lock = Lock()
        self._token: str | None = None
        self._is_down = False
        self._read_at = float("-inf")

    def current(self) -> str | None:
        """Return the version as it was at most a second ago, or None while the database is down."""
        if self._clock() - self._read_at >= SECONDS_BETWEEN_READS:
            # While the database is down one thread at a time waits for it; the others answer from disk.
            if not self._lock.acquire(timeout=0 if self._is_down else SECONDS_TO_WAIT):
                return None
            try:
                if self._clock() - self._read_at >= SECONDS_BETWEEN_READS:
                    self._read()
            finally:
                self._lock.release()
        return None if self._is_down else self._token

    @staticmethod
    def is_still(token: str) -> bool:
        """Read the version again and compare; False while the database is down."""
        with suppress(DatabaseError):
            return ContentVersion.current() == token
        return False

    def _read(self) -> None:
        started_at = self._clock()
        try:
            close_old_connections()
            token = ContentVersion.current()
        except DatabaseError:
            connection.close()
            # Counted from the end of a long wait, so that the next one does not follow at once.
            self._is_down, self._read_at = True, self._clock()
            return
        if token != self._token or self._is_down:
            self._on_change(token)
        # The time before the query: what was published after it is seen at most a second later.
        self._token, self._is_down, self._read_at = token, False, started_at
