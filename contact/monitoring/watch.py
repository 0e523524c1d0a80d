"""Who watches the worker: each process that answers pages does, once a minute, in a thread of its own.

A worker that has stopped tells nobody that it has, nor that mail waits. So the second channel is told from here. No
visitor's request waits for a mail server in this way, and nobody has to come by for it to be noticed.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from contact.models.watch import AlarmType
from contact.monitoring import alarms, heartbeat

logger = logging.getLogger(__name__)

LOOKS_EVERY = timedelta(minutes=1)
# Longer than the banner waits: nobody is woken for a worker that is busy with one proof or with many pictures.
TOLD_AFTER = timedelta(minutes=5)


def start() -> threading.Event:
    """Watch for as long as this process lives, or until the event is set; the worker gets its time to begin first."""
    ended = threading.Event()
    threading.Thread(target=_watch, args=[ended], name="watch", daemon=True).start()
    return ended


def _watch(ended: threading.Event) -> None:
    pause = TOLD_AFTER
    while not ended.wait(pause.total_seconds()):
        pause = LOOKS_EVERY
        try:
            look()
        except DatabaseError as error:
            logger.error("The worker could not be looked after: %s.", type(error).__name__)  # noqa: TRY400  no words: they may quote a row
        finally:
            connection.close()


def look() -> None:
    """Raise the alarm where the worker is silent, and tell it; once, however many processes look."""
    now = timezone.now()
    last = heartbeat.last_sign_of_life()
    if last is not None and now - last <= TOLD_AFTER:
        return
    since = timezone.localtime(last).strftime("%A %-d %B, %H:%M") if last else ""
    said = f"The last sign of life: {since}" if since else "It gave no sign of life yet"
    alarms.raise_alarm(AlarmType.WORKER_STOPPED, f"{said}. No mail goes out")
    alarms.tell_all()
