"""Copy everything from the site's database into another one, from SQLite to PostgreSQL or back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import connection

from clinic.backup import archive, databases
from clinic.backup.databases import BackupError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Copies the site's database into an empty one, compares the number of rows, and leaves the old one as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="postgres://user:password@host/name, or sqlite:////path/to/clinic.sqlite3")

    def handle(self, *, url: str, **_options: Any) -> None:
        try:
            with databases.opened(databases.parse(url)) as target:
                if not databases.is_empty(target):
                    raise BackupError("There are tables in it already: name an empty database.")
                databases.manage(url, "migrate", "--verbosity=0")
                copied = databases.copy_rows(connection, target)
            databases.manage(url, "update_index", "--verbosity=0")
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(f"Nothing was moved. {error}") from error
        self.stdout.write(f"Copied {sum(copied.values()):,} rows of {len(copied)} tables; each has as many as before.")
        self.stdout.write("Now set DATABASE_URL to the new database, and start the site and the worker again.")
