"""The site's one worker: sends mail, and does everything that runs by the clock, until it is stopped."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from clinic.lib.logs import log_failure
from contact import jobs
from contact.mail.outbox import deliver_due
from contact.monitoring import scheduler

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.management.base import CommandParser

logger = logging.getLogger(__name__)
NAP = 0.2


class Command(BaseCommand):
    help = "Send mail as it comes in, and do what runs by the clock. Any number may run; each may be killed."
    # The worker starts beside the server; the server's checks have said what there is to say.
    requires_system_checks = ()
    stopping = False
    failed = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=2, help="Seconds between two looks.")
        parser.add_argument("--once", action="store_true", help="Do what is due now, and end.")

    def handle(self, *, interval: float, once: bool, **_options: Any) -> None:
        if once:
            self.deliver()
            self.do_what_is_due()
            return
        self.heed_signals()
        self.stdout.write("Delivering messages, and working by the clock.")
        # In a thread of its own: no patient's mail waits for a slow mailbox or for pictures.
        clock = threading.Thread(target=self.repeat, args=(self.do_what_is_due, interval), name="clock")
        clock.start()
        self.repeat(self.deliver, interval)
        clock.join()
        self.say_goodbye()

    def heed_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)

    def say_goodbye(self) -> None:
        if self.failed:
            # Whatever watches the process starts it again.
            raise CommandError("The worker ends: its reason stands above.")
        self.stdout.write("Stopped.")

    def repeat(self, work: Callable[[], None], interval: float) -> None:
        """Do it until told to stop. If it fails with anything but the database's absence, end the whole worker."""
        try:
            while not self.stopping:
                self.unless_database_is_down(work)
                self.sleep(interval)
        except Exception as error:  # noqa: BLE001  half a worker would look alive; it is logged
            log_failure("The worker failed", error)
            self.failed = self.stopping = True
        finally:
            connection.close()

    def unless_database_is_down(self, work: Callable[[], None]) -> None:
        close_old_connections()
        try:
            work()
        except DatabaseError as error:
            logger.error("The database does not answer: %s. Trying again.", type(error).__name__)  # noqa: TRY400  no words: they may quote a row
            connection.close()

    def deliver(self) -> None:
        counts = deliver_due(should_stop=self.is_stopping)
        if counts.sent or counts.failed:
            self.stdout.write(f"{counts}.")

    def do_what_is_due(self) -> None:
        plans = jobs.plans()
        scheduler.enter(plans)
        scheduler.run_due(plans, self.is_stopping)

    def sleep(self, seconds: float) -> None:
        # In short naps: a plain flag is the only thing a signal handler can safely set.
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(NAP)

    def is_stopping(self) -> bool:
        return self.stopping

    def stop(self, *_args: Any) -> None:
        self.stopping = True
