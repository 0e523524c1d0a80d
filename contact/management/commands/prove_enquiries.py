"""Prove through the public address that the enquiry form works; `manage.py work` does it every morning."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contact.monitoring.synthetic_check.prover import INTERRUPTED, SECONDS_TO_DELIVER, prove

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

STOPPED = 130  # as a shell has it for Ctrl-C


class Command(BaseCommand):
    help = (
        "Fetch each page with the enquiry form, send a canary through it, and wait until its message has been accepted "
        "by the mail server. Needs `manage.py work` running. Ends with an error and an alarm when anything fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url",
            default=settings.SITE_URL,
            help="The public address; SITE_URL if not given. Through any other it is a trial, which tells nobody.",
        )
        parser.add_argument(
            "--wait", type=float, default=SECONDS_TO_DELIVER, help="Seconds until the message must be accepted."
        )

    def handle(self, *, url: str, wait: float, **_options: Any) -> None:
        # Ends as Ctrl-C does: with the canary removed.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            run = prove(url, seconds_to_deliver=wait)
        except ValueError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as stop:
            raise CommandError(f"Not proven: {INTERRUPTED.lower()}.", returncode=STOPPED) from stop
        finally:
            signal.signal(signal.SIGTERM, before)
        for step in run.steps:
            mark = "ok    " if step["is_good"] else "FAILED"
            self.stdout.write(f"{mark} {step['milliseconds']:>6} ms  {step['step']}")
        if run.is_trial:
            self.stdout.write(f"A trial: the desk and the alarm go by {settings.SITE_URL} alone.")
        if not run.passed:
            raise CommandError(f"Not proven: {run.error}.")
        self.stdout.write(self.style.SUCCESS("Proven: the enquiry form works."))
