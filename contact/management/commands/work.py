import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from clinic.lib.logs import log_failure
from contact.jobs import job_specs
from contact.mail.outbox import deliver_due
from contact.monitoring import health
from contact.monitoring.scheduler import run_due

logger = logging.getLogger(__name__)
# New mail leaves within this time; each look takes one query for mail and one for jobs.
SECONDS_BETWEEN_LOOKS = 5
NAP = 0.2


class Command(BaseCommand):
    help = "Send mail as it comes in, and run scheduled jobs. Any number of workers may run; each may be killed."
    # The web server runs the system checks.
    requires_system_checks = ()
    stopping = False
    failed = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=SECONDS_BETWEEN_LOOKS, help="Seconds between two checks.")
        parser.add_argument("--once", action="store_true", help="Do what is due now, then stop.")

    def handle(self, *, interval: float, once: bool, **_options: Any) -> None:
        if once:
            self.deliver()
            self.run_jobs()
            health.beat()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.stdout.write("Delivering messages and running scheduled jobs.")
        # Jobs have a thread of their own: no mail waits for a slow mailbox or for pictures. So has the heartbeat.
        every = health.HEARTBEAT_EVERY.total_seconds()
        threads = [
            threading.Thread(target=self.repeat, args=(self.run_jobs, interval), name="jobs"),
            threading.Thread(target=self.repeat, args=(health.beat, every), name="heartbeat"),
        ]
        for thread in threads:
            thread.start()
        self.repeat(self.deliver, interval)
        for thread in threads:
            thread.join()
        if self.failed:
            # An exit code other than 0, so that whatever supervises the process restarts it.
            raise CommandError("The worker failed; the reason is in the log above.")
        self.stdout.write("Stopped.")

    def stop(self, *_args: Any) -> None:
        self.stopping = True

    def repeat(self, work: Callable[[], None], interval: float) -> None:
        """Call `work` until stopped. Wait while the database is down; any other failure ends the whole worker."""
        is_down = False
        try:
            while not self.stopping:
                close_old_connections()
                try:
                    work()
                    is_down = False
                except DatabaseError as error:
                    if not is_down:  # one line, however long a full disk stays full
                        logger.error("The database does not answer: %s. Trying again.", type(error).__name__)  # noqa: TRY400  the message may quote a row
                    is_down = True
                    connection.close()
                self.sleep(interval)
        except Exception as error:  # noqa: BLE001  with one of its threads dead, a worker must not look alive; it is logged
            log_failure("The worker failed", error)
            self.failed = self.stopping = True
        finally:
            connection.close()

    def deliver(self) -> None:
        counts = deliver_due(should_stop=lambda: self.stopping)
        if counts.sent or counts.failed:
            self.stdout.write(f"{counts}.")

    def run_jobs(self) -> None:
        run_due(job_specs(), lambda: self.stopping)

    def sleep(self, seconds: float) -> None:
        # In short naps, because a signal handler can safely do no more than set a flag.
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(NAP)
