from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from contact.mail.outbox import deliver_due


class Command(BaseCommand):
    help = "Send the outgoing messages that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="Keep running until stopped: the same as `work`.")

    def handle(self, *, watch: bool = False, **_options: Any) -> None:
        if watch:
            call_command("work", stdout=self.stdout)
        else:
            self.stdout.write(f"{deliver_due()}.")
