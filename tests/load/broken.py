"""Sites with something broken, for `python -m tests.load.faults`; each yields the port at which gunicorn serves it."""

import os
import resource
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from tests.another_process import children
from tests.load.temporary_site import HOST, Worker, free_port, gunicorn

SECONDS_BETWEEN_KILLS = 4  # a process answers again after two or three


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
