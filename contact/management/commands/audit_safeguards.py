"""The two-year audit of safeguards, as a dated HTML report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from contact.privacy.audit.report import audit, write

if TYPE_CHECKING:
    from argparse import ArgumentParser

SHORT = 2


class Command(BaseCommand):
    help = (
        "Writes the audit of safeguards (Health Information General Regulation, s. 14(1)(c)) as a printable report, "
        "what falls short first. Ends with 0 once the report is written, with --strict with 2 if anything falls short."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, help="the file to write; else DATA_DIR/state/audits/audit-DATE.html")
        parser.add_argument("--strict", action="store_true", help="end with 2 if anything falls short")

    def handle(self, *_args: Any, **options: Any) -> None:
        made = audit()
        try:
            target = write(made.as_html(), options["output"])
        except OSError as error:
            raise CommandError(f"The report could not be written: {error}.") from error
        for finding in made.short:
            self.stdout.write(f"Falls short: {finding.title}. {finding.to_do}")
        self.stdout.write(f"{len(made.short)} fall short, {len(made.holds)} hold. The report is in {target}")
        if options["strict"] and made.short:
            raise SystemExit(SHORT)
