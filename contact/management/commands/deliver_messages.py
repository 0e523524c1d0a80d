"""Send what waits in the outbox: once, or with `--watch` for as long as it runs."""

from __future__ import annotations

import logging
import signal
import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from contact.delivery import deliver_due

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

logger = logging.getLogger(__name__)
NAP = 0.2


class Command(BaseCommand):
    help = "Send the enquiries' outgoing messages that are due."
    # The worker starts beside the server; the server's checks have said what there is to say.
    requires_system_checks = ()
    stopping = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="Keep running; stop with Ctrl-C or SIGTERM.")
        parser.add_argument("--interval", type=float, default=2, help="Seconds between two looks at the outbox.")

    def handle(self, *, watch: bool, interval: float, **_options: Any) -> None:
        if not watch:
            self.stdout.write(f"{deliver_due()}.")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write("Delivering messages.")
        while not self.stopping:
            self.deliver()
            self.sleep(interval)
        self.stdout.write("Stopped.")

    def deliver(self) -> None:
        close_old_connections()
        try:
            counts = deliver_due(should_stop=self.is_stopping)
        except DatabaseError as error:
            logger.error("The outbox cannot be read: %s. Trying again.", type(error).__name__)  # noqa: TRY400  no words: they may quote a row
            connection.close()
            return
        if counts.sent or counts.failed:
            self.stdout.write(f"{counts}.")

    def sleep(self, seconds: float) -> None:
        # In short naps: a plain flag is the only thing a signal handler can safely set.
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(NAP)

    def is_stopping(self) -> bool:
        return self.stopping

    def stop(self, *_args: Any) -> None:
        self.stopping = True
