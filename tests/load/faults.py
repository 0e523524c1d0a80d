"""Send enquiries while something is broken: `python -m tests.load.faults`.

Each drill breaks one thing, sends forms, repairs it and sends again what was not accepted, as a patient would. Prints
how many were lost, stored twice, answered 5xx other than the intended 503, or answered 503 without the typed words; and
at the end how many e-mails were delivered. `--database postgres://…`, else SQLite, which has more that can break.
"""

import ctypes
import os
import resource
import signal
import socket
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from django.db import connections
from django.utils import timezone

from tests.another_process import children
from tests.contact.mail_server import MailServer
from tests.load.submissions import SEE_OTHER, SERVER_ERROR, Answer, send_one
from tests.load.temporary_site import HOST, Worker, arguments, free_port, gunicorn, temporary_site

UNAVAILABLE = 503
CLIENTS = 8
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
SECONDS_TO_DELIVER = 180
SECONDS_BETWEEN_KILLS = 4  # a process answers again after two or three
# A site with something broken; yields the port at which gunicorn serves it.
Broken = Callable[[], AbstractContextManager[int]]


@contextmanager
def mail_server(url: str) -> Iterator[int]:
    os.environ["EMAIL_URL"] = url
    with Worker(), gunicorn(port := free_port()):
        yield port


@contextmanager
def silent_mail_server() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as silent, mail_server(f"smtp://{HOST}:{silent.getsockname()[1]}") as port:
        yield port


@contextmanager
def killing() -> Iterator[int]:
    """Kill every process that answers requests, and the worker, again and again."""
    stop = threading.Event()

    def kill() -> None:
        with Worker() as worker:
            while not stop.wait(SECONDS_BETWEEN_KILLS):
                worker.kill()
                for child in children(web.pid):
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
                worker.start()

    with gunicorn(port := free_port()) as web:
        killer = threading.Thread(target=kill)
        killer.start()
        try:
            yield port
        finally:
            stop.set()
            killer.join()


@contextmanager
def full_disk() -> Iterator[int]:
    """Let no process of the site write to a file any more; it could open its database before."""
    with gunicorn(port := free_port()) as web:
        urlopen(f"http://{HOST}:{port}/enquiry/").close()
        for pid in (web.pid, *children(web.pid)):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        yield port


@contextmanager
def locked(database: Path) -> Iterator[int]:
    with gunicorn(port := free_port()), sqlite3.connect(database, isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield port
        connection.execute("ROLLBACK")
    connection.close()


@contextmanager
def read_only(database: Path) -> Iterator[int]:
    files = [database.parent, *database.parent.glob(f"{database.name}*")]
    modes = [file.stat().st_mode for file in files]
    for file in files:
        file.chmod(0o555)
    try:
        with gunicorn(port := free_port()):
            yield port
    finally:
        for file, mode in zip(files, modes, strict=True):
            file.chmod(mode)


@contextmanager
def corrupt(database: Path) -> Iterator[int]:
    """Put something that is no database in its place."""
    aside = database.parent / "aside"
    aside.mkdir()
    for file in database.parent.glob(f"{database.name}*"):
        file.rename(aside / file.name)
    database.write_bytes(b"\xff" * 8192)
    try:
        with gunicorn(port := free_port()):
            yield port
    finally:
        for file in database.parent.glob(f"{database.name}*"):
            file.unlink()
        for file in aside.iterdir():
            file.rename(database.parent / file.name)


def send(port: int, numbers: list[int]) -> list[Answer]:
    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(lambda number: send_one(port, number), numbers))


def drill(name: str, numbers: list[int], site: Broken) -> int:
    """Send the forms while it is broken, then again those that were not accepted; print and return the faults."""
    from contact.models import Enquiry  # noqa: PLC0415  Django is set up by now

    with site() as port:
        first = send(port, numbers)
    with gunicorn(port := free_port()):
        second = send(port, [answer.number for answer in first if answer.status != SEE_OTHER])
    names = [f"Sample {number}" for number in numbers]
    stored = Counter(Enquiry.objects.filter(name__in=names).values_list("name", flat=True))
    answers = Counter(answer.status for answer in first + second)
    faults = {
        "lost": len(numbers) - len(stored),
        "doubled": stored.total() - len(stored),
        "other 5xx": sum(answers[status] for status in answers if status >= SERVER_ERROR) - answers[UNAVAILABLE],
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
        drills: dict[str, Broken] = {
            "mail server that never greets": silent_mail_server,
            "mail server stopped": lambda: mail_server(f"smtp://{HOST}:{free_port()}"),
            "kill -9 of all processes": killing,
        }
        if kind == "SQLite":
            drills |= {
                "full disk": full_disk,
                "database locked": lambda: locked(database),
                "database read-only": lambda: read_only(database),
                "database corrupt": lambda: corrupt(database),
            }
        faults = 0
        for order, (name, site) in enumerate(drills.items()):
            first, number = 1 + order * 1_000, asked.number * (10 if site is killing else 1)
            connections.close_all()
            faults += drill(f"{kind}, {name}", list(range(first, first + number)), site)
        return 1 if faults + deliver(server) else 0


if __name__ == "__main__":
    sys.exit(main())
