"""Send what waits in the outbox: once, or with `--watch` until it is stopped. `manage.py work` does it and more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contact.mail.outbox import deliver_due
from contact.management.commands import work

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(work.Command):
    """The worker's delivery alone, without what it does by the clock."""

    help = "Send the enquiries' outgoing messages that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="Keep delivering until told to stop.")
        parser.add_argument("--interval", type=float, default=2, help="With --watch: seconds between two looks.")

    def handle(self, *, watch: bool = False, interval: float = 2, **_options: Any) -> None:
        if not watch:
            self.stdout.write(f"{deliver_due()}.")
            return
        self.heed_signals()
        self.stdout.write("Delivering messages.")
        self.repeat(self.deliver, interval)
        self.say_goodbye()
