from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from contact.privacy.deletion import UnusualPurgeError, due, keep_days, run_retention


class Command(BaseCommand):
    help = "Close inactive answered enquiries, and delete closed enquiries and spam whose retention period is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list what would be deleted; change nothing")
        parser.add_argument("--confirm", action="store_true", help="delete even if it is far more than usual")

    def handle(self, *, dry_run: bool, confirm: bool, **_options: Any) -> None:
        if not dry_run:
            try:
                self.stdout.write(f"{run_retention(confirmed=confirm).capitalize()}.")
            except UnusualPurgeError as error:
                raise CommandError(f"{error}, or run this with --confirm.") from error
            return
        enquiries = due(timezone.now())
        for reference, status, closed_at in enquiries.values_list("reference", "status", "closed_at"):
            self.stdout.write(f"{reference}  {status} since {timezone.localdate(closed_at)}")
        days = ", ".join(f"{status} for {number} days" for status, number in keep_days().items())
        self.stdout.write(f"{enquiries.count()} would be deleted ({days}). Nothing was changed.")
