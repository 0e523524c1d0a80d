"""Check all published pages, and print one line for each problem."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from services.checks.pages import check_site
from services.models.check import Check


class Command(BaseCommand):
    help = "Checks all published pages and pictures, prints each problem on a line, and how many there are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fail-on", choices=Check.Level.values, help="Exit with 1 for problems of this level.")

    def handle(self, *_args: Any, fail_on: str | None, **_options: Any) -> None:
        found = check_site()
        for check in found:
            self.stdout.write(f"{check.level:<8} {check.get_kind_display()}: {check.title}: {check.text}")
        errors = sum(check.level == Check.Level.ERROR for check in found)
        summary = f"{errors} errors, {len(found) - errors} warnings"
        if fail_on and (errors or (fail_on == Check.Level.WARNING and found)):
            raise CommandError(summary)
        self.stdout.write(summary)
