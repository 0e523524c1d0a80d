import sys
from typing import Any

from django.core.management.base import BaseCommand

from contact.privacy.audit import FAILED, run_audit


class Command(BaseCommand):
    help = (
        "Check the safeguards (Health Information General Regulation, s. 14(1)(c)) and print the results, failed "
        "checks first. Exits with 1 if a check failed. The same as a page to print: dashboard, Audit of safeguards."
    )

    def handle(self, **_options: Any) -> None:
        results = run_audit()
        for result in results:
            self.stdout.write(f"{result.state:9}  {result.title}: {result.sentence}")
        if any(result.state == FAILED for result in results):
            sys.exit(1)
