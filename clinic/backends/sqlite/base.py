"""Django's SQLite, but for a file that was moved away or replaced under a running site.

SQLite makes a new file where it finds none, and a connection goes on reading its own file wherever that has been moved.
So a file that is gone for a moment, during a restore for instance, would leave some threads with an empty database
and others with the old one, and both would accept enquiries. Here a missing file is an error (`manage.py migrate`
makes it), and each request checks that the file is still the one that its connection has open.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    opened: tuple[int, int] | None = None

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if not self.is_in_memory_db():
            # Not `mode=rwc`, which is SQLite's default.
            params["database"] = f"{self.file.as_uri()}?mode=rw"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        self.opened = self.file_identity()
        return connection

    def close_if_unusable_or_obsolete(self) -> None:
        """Close after any failure, too: whether such a connection still works would be asked of its own file."""
        if self.connection is not None and (self.errors_occurred or self.opened != self.file_identity()):
            self.close()
        super().close_if_unusable_or_obsolete()

    @property
    def file(self) -> Path:
        return Path(self.settings_dict["NAME"]).absolute()

    def file_identity(self) -> tuple[int, int] | None:
        """Return the device and inode of the database file; None if there is none."""
        with suppress(OSError):
            status = self.file.stat()
            return status.st_dev, status.st_ino
        return None
