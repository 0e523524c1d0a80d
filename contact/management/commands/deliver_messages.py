"""Send the messages in the outbox: once, or with `--watch` until stopped. `manage.py work` does this and more."""

from typing import Any

from django.core.management.base import CommandParser

from contact.mail.outbox import deliver_due
from contact.management.commands import work


class Command(work.Command):
    help = "Send the outgoing messages that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="Keep delivering until stopped.")
        parser.add_argument(
            "--interval", type=float, default=work.SECONDS_BETWEEN_LOOKS, help="With --watch: seconds between checks."
        )

    def handle(self, *, watch: bool = False, interval: float = work.SECONDS_BETWEEN_LOOKS, **_options: Any) -> None:
        if not watch:
            self.stdout.write(f"{deliver_due()}.")
            return
        self.catch_signals()
        self.stdout.write("Delivering messages.")
        self.repeat(self.deliver, interval)
        self.finish()
