"""Send enquiries while something is broken: `python -m tests.load.faults`.

Each drill breaks one thing, sends forms, repairs it and sends again what was not accepted, as a patient would. Prints
how many were lost, stored twice, answered 5xx other than the intended 503, or answered 503 without the typed words; and
at the end how many e-mails were delivered. `--database postgres://…`, else SQLite, which has more that can break.
"""

import ctypes
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

from django.db import connections
from django.utils import timezone

from tests.contact.mail_server import MailServer
from tests.load import broken
from tests.load.submissions import SEE_OTHER, SERVER_ERROR, Answer, send_one
from tests.load.temporary_site import HOST, Worker, arguments, free_port, gunicorn, temporary_site

UNAVAILABLE = 503
CLIENTS = 8
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
SECONDS_TO_DELIVER = 180


def send(port: int, numbers: list[int]) -> list[Answer]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(lambda number: send_one(port, number), numbers))


def drill(name: str, numbers: list[int], site: Callable[[], AbstractContextManager[int]]) -> int:
    """Send the forms while it is broken, then again those that were not accepted; print and return the faults."""
    from contact.models import Enquiry  # noqa: PLC0415  Django is set up by now

    with site() as port:
        first = send(port, numbers)
    with gunicorn(port := free_port()):
        second = send(port, [answer.number for answer in first if answer.status != SEE_OTHER])
    stored = Counter(
        Enquiry.objects.filter(name__in=[f"Sample {number}" for number in numbers]).values_list("name", flat=True)
    )
    answers = Counter(answer.status for answer in first + second)
    faults = {
        "lost": len(numbers) - len(stored),
        "doubled": stored.total() - len(stored),
        "other 5xx": sum(
            count for status, count in answers.items() if status >= SERVER_ERROR and status != UNAVAILABLE
        ),
        "words taken away": sum(answer.status == UNAVAILABLE and not answer.has_words for answer in first),
    }
    report = ", ".join(f"{count} {fault}" for fault, count in faults.items())
    print(f"{name}: {len(numbers)} forms, {answers[UNAVAILABLE]} × 503, {answers[0]} cut off; {report}", flush=True)  # noqa: T201  its report
    return sum(faults.values())


def deliver(server: MailServer) -> int:
    """Let a worker send everything that is waiting; print and return the faults."""
    from contact.models import Message  # noqa: PLC0415  Django is set up by now

    os.environ["EMAIL_URL"] = f"smtp://{HOST}:{server.port}"
    Message.objects.unsent().update(not_before=timezone.now(), claimed_until=timezone.now())
    end = time.monotonic() + SECONDS_TO_DELIVER
    with Worker():
        while Message.objects.unsent().exists() and time.monotonic() < end:
            time.sleep(0.2)
    left, copies = Message.objects.unsent().count(), server.taken.total() - len(server.taken)
    print(f"mail: {len(server.taken)} delivered, {left} left, {copies} second copies")  # noqa: T201  its report
    return left + copies


def main() -> int:
    asked = arguments(__doc__, number=24)
    # Permissions of files hold for root, too.
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)
    with MailServer() as server, temporary_site(asked.database) as kind:
        database = Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))
        drills: dict[str, Callable[[], AbstractContextManager[int]]] = {
            "mail server that never greets": broken.silent_mail_server,
            "mail server stopped": lambda: broken.mail_server(f"smtp://{HOST}:{free_port()}"),
            "kill -9 of all processes": broken.killing,
        }
        if kind == "SQLite":
            drills |= {
                "full disk": broken.full_disk,
                "database locked": lambda: broken.locked(database),
                "database read-only": lambda: broken.read_only(database),
                "database corrupt": lambda: broken.corrupt(database),
            }
        faults = 0
        for order, (name, site) in enumerate(drills.items()):
            first, number = 1 + order * 1_000, asked.number * (10 if site is broken.killing else 1)
            connections.close_all()
            faults += drill(f"{kind}, {name}", list(range(first, first + number)), site)
        return 1 if faults + deliver(server) else 0


if __name__ == "__main__":
    sys.exit(main())
