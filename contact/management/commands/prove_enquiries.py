from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from contact.monitoring.synthetic_check import SECONDS_TO_DELIVER, check_form


class Command(BaseCommand):
    help = (
        "Fetch each page with the enquiry form, send a canary through it, and wait until the mail server has accepted "
        "its message. Needs `manage.py work` running. Ends with an error, and raises an alarm, if anything fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url",
            default=settings.SITE_URL,
            help="The public address; SITE_URL by default. Any other makes it a trial, which raises no alarm.",
        )
        parser.add_argument(
            "--wait", type=float, default=SECONDS_TO_DELIVER, help="Seconds until the message must be accepted."
        )

    def handle(self, *, url: str, wait: float, **_options: Any) -> None:
        try:
            check = check_form(url, seconds_to_deliver=wait)
        except ValueError as error:
            raise CommandError(str(error)) from error
        for step in check.steps:
            mark = "ok    " if step["passed"] else "FAILED"
            self.stdout.write(f"{mark} {step['milliseconds']:>6} ms  {step['step']}")
        if check.is_trial:
            self.stdout.write(f"A trial: only a check through {settings.SITE_URL} counts at the desk and for alarms.")
        if not check.passed:
            raise CommandError(f"Failed: {check.error}.")
        self.stdout.write(self.style.SUCCESS("Passed: the enquiry form works."))
