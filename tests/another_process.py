"""What a process of its own needs to work on the tests' database."""

import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """Return a port that nothing else takes: the system gives out none below 32,768, and each worker has its own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = 20_000 + 100 * secrets.randbelow(120) + worker % 100
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def environment(**changed: str) -> Mapping[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "clinic.settings.test",
        "DATABASE_URL": _database_url(),
        "PYTHONPATH": str(ROOT),
        **changed,
    }


def python(script: str) -> list[str]:
    """Return the command that runs these lines with Django ready."""
    return [sys.executable, "-c", f"import django\ndjango.setup()\n{script}"]


def _database_url() -> str:
    used = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{used['NAME']}"
    password = f":{used['PASSWORD']}" if used["PASSWORD"] else ""
    return f"postgres://{used['USER']}{password}@{used['HOST']}:{used['PORT'] or 5432}/{used['NAME']}"
