"""Does the ledger of deletions add up? Ends with 1, and the rows that do not, when it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from contact.models.activity import record
from contact.models.event import EventType
from contact.privacy.retention.verification import verify_and_tell

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Verify the ledger of deletions: each row, the chain, the events and the signed file outside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--restored",
            action="store_true",
            help="An older copy of the database was restored, SECRET_KEY is new, or the signed file was lost: make it "
            "anew from the ledger as it is.",
        )

    def handle(self, *, restored: bool, **_options: Any) -> None:
        verdict = verify_and_tell(restored=restored)
        for fault in verdict.faults:
            self.stdout.write(fault)
        if verdict.faults:
            raise CommandError("The ledger does not add up.", returncode=1)
        if restored:
            record(EventType.CHANGED, detail="The ledger's signed file was made anew by verify_ledger --restored.")
        self.stdout.write(f"The ledger adds up: {verdict}.")
