import sys
from argparse import FileType
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandParser

from contact.privacy.audit import FAILED, run_audit


class Command(BaseCommand):
    help = (
        "Check the safeguards (Health Information General Regulation, s. 14(1)(c)) and print the results, failed "
        "checks first. Exits with 1 if a check failed. The same as a page to print: dashboard, Audit of safeguards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", metavar="FILE", type=FileType("w", encoding="utf-8"), help="Where to write.")

    def handle(self, *, output: TextIO | None = None, **_options: Any) -> None:
        results = run_audit()
        lines = [f"{result.state:9}  {result.title}: {result.sentence}\n" for result in results]
        (output or self.stdout).write("".join(lines))
        if any(result.state == FAILED for result in results):
            sys.exit(1)
