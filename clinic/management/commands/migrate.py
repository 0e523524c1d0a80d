"""Django's `migrate`, the one command that may create an SQLite file (see clinic/backends/sqlite/)."""

from contextlib import suppress
from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections

from clinic.backends.sqlite.base import DatabaseWrapper
from clinic.models import SearchEntry


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        """Make the file before anything looks into it, Django's checks among others."""
        connection = connections[options["database"]]
        if isinstance(connection, DatabaseWrapper) and not connection.is_in_memory_db():
            # Where it cannot be made, SQLite says why.
            with suppress(OSError):
                connection.file.touch(mode=0o640)
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the index of the search again: what it keeps of a page may have changed with the code."""
        super().handle(*args, **options)
        is_whole = not any(options.get(name) for name in ("app_label", "plan", "check_unapplied"))
        if is_whole and options["database"] == DEFAULT_DB_ALIAS:
            SearchEntry.write_all()
