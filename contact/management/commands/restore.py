from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from clinic.backup import archive
from clinic.backup.databases import BackupError
from contact.privacy.deletion import UnusualPurgeError, run_retention


class Command(BaseCommand):
    help = "Restores a backup into an empty database and data folder, and checks it."
    requires_system_checks = ()  # they look into the database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, help="the file with the private key")

    def handle(self, *, file: Path, identity: Path | None, **_options: Any) -> None:
        try:
            restored = archive.restore(file, identity)
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        self.stdout.write(f"{restored}")
        call_command("migrate", verbosity=0)
        try:
            retention = run_retention()
        except UnusualPurgeError as error:
            retention = f"{error}, or run purge_enquiries --confirm"
        self.stdout.write(f"Retention: {retention}.")
        call_command("check")
