"""Copy everything from the site's database into another one, from SQLite to PostgreSQL or back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from clinic.backup import databases
from clinic.backup.databases import BackupError


class Command(BaseCommand):
    help = "Copies the site's database into an empty one, compares the number of rows, and leaves the old one as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="postgres://user:password@host/name, or sqlite:////path/to/clinic.sqlite3")

    def handle(self, *, url: str, **_options: Any) -> None:
        try:
            copied = databases.move(url)
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(f"Nothing was moved. {error}") from error
        self.stdout.write(f"Copied {sum(copied.values()):,} rows of {len(copied)} tables; each has as many as before.")
        self.stdout.write("Now set DATABASE_URL to the new database, and start the site and the worker again.")
