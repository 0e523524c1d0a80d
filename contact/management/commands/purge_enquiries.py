"""Delete the enquiries that were kept long enough; `--dry-run` says which they are, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.formats import date_format

from contact.privacy.retention.closing import close_answered
from contact.privacy.retention.deletion import purge
from contact.privacy.retention.rules import Rules

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from contact.models import Enquiry


class Command(BaseCommand):
    help = "Delete closed enquiries and spam that were kept long enough, and account for it in the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would be deleted; change nothing.")

    def handle(self, *, dry_run: bool, **_options: Any) -> None:
        if dry_run:
            self.say_what_is_due()
            return
        if closed := close_answered():
            self.stdout.write(f"Closed, as nothing new had come: {closed}.")
        purged = purge()
        for run in purged.runs:
            self.stdout.write(f"{run}: {run.total} deleted, {run.hash}")
        self.stdout.write(f"{str(purged).capitalize()}.")

    def say_what_is_due(self) -> None:
        rules = Rules.in_force()
        due = rules.due(timezone.now())
        for enquiry in due.iterator():
            self.stdout.write(f"{enquiry.reference}  {enquiry.get_status_display().lower()} since {_day(enquiry)}")
        self.stdout.write(
            f"Would delete {due.count()}: closed for {rules.keep_closed_days} days, spam for {rules.keep_spam_days}. "
            "Nothing was changed."
        )


def _day(enquiry: Enquiry) -> str:
    # The rules let nothing through that has no such time.
    return date_format(timezone.localtime(enquiry.closed_at), "j M Y") if enquiry.closed_at else ""
