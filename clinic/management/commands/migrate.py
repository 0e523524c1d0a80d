"""Django's `migrate`, the one command that may create an SQLite file (see clinic/backends/sqlite/)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from clinic.backends.sqlite.base import DatabaseWrapper


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        """Make the file before anything looks into it, Django's checks among others."""
        connection = connections[options["database"]]
        if isinstance(connection, DatabaseWrapper) and not connection.is_in_memory_db():
            # Where it cannot be made, SQLite says why.
            with suppress(OSError):
                connection.file.touch(mode=0o640)
        return super().execute(*args, **options)
