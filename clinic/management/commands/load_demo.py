"""Load the demo clinic, or remove it."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from clinic.demo.build import PASSWORD, USERS, Demo, flush, is_empty
from clinic.models import DemoRecord


class Command(BaseCommand):
    help = "Loads the demo clinic: pages, pictures and, only under `make run`, users."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the site has pages")
        parser.add_argument("--flush-demo", action="store_true", help="remove what load_demo made")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["flush_demo"]:
            self.flush()
            return
        try:
            if options["if_empty"] and not is_empty():
                self.stdout.write("The site already has pages, so the demo clinic was not loaded.")
            else:
                self.load()
        except CommandError as reason:
            if not options["if_empty"]:
                raise
            # The site has to start anyway, so that an administrator can fix this.
            self.stderr.write(f"*** WARNING: {reason}")
            self.stdout.write("The demo clinic is not loaded.")
        if not settings.DEMO_USERS:
            self.stdout.write("No users were created: their password is public, so they exist only under `make run`.")
        elif get_user_model().objects.filter(username__in=USERS).exists():
            self.stdout.write(f"Sign in as {', '.join(USERS)} with the password {PASSWORD}.")

    def load(self) -> None:
        demo = Demo()
        for _step in progress(demo.load(with_users=settings.DEMO_USERS), len(demo.pictures) + 2 * len(demo.pages)):
            pass
        self.stdout.write("The demo clinic is loaded.")

    def flush(self) -> None:
        remaining = list(filter(None, progress(flush(), DemoRecord.objects.count())))
        self.stdout.write("\n".join(["The demo clinic was removed.", *remaining]))


def progress(steps: Iterable[Any], total: int) -> "tqdm[Any]":
    # disable=None: no bar when the output is not a terminal.
    return tqdm(steps, total=total, unit="step", leave=False, disable=None)
