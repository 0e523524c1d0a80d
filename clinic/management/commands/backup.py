"""Make a backup: one encrypted file with the database, pictures and settings."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.backup import archive
from clinic.backup.databases import BackupError


class Command(BaseCommand):
    help = "Writes the database, pictures and settings into one encrypted file, while the site runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="a folder; BACKUP_DIR if not named")
        parser.add_argument("--recipient", default=settings.BACKUP_RECIPIENT, help="a public key: age1…")
        parser.add_argument("--unencrypted", action="store_true", help="do not encrypt; anyone can read the file")
        parser.add_argument("--prove", action="store_true", help="restore the copy in a scratch place, and count")

    def handle(self, *, to: Path, recipient: str, unencrypted: bool, prove: bool, **_options: Any) -> None:
        if not (recipient or unencrypted):
            raise CommandError(
                "Without a public key the backup would not be encrypted. Set BACKUP_RECIPIENT or use --recipient "
                "(docs/production.md says how to make a key); --unencrypted makes one that anyone can read."
            )
        try:
            made = archive.make(to, "" if unencrypted else recipient, prove=prove)
        except (BackupError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(f"{to}/{made}.")
        if prove:
            self.stdout.write("Proven: restored into a scratch place, each table has as many rows as the site.")
