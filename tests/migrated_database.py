"""One migrated database for all workers of a test run: to migrate an empty one takes half a minute of a processor.

It is kept, a file below `var/` or a database on PostgreSQL's server, until a line of the rooms or a package changes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.utils import CursorWrapper

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "tests"
NAME = "clinic_migrated_"


def start_from_it() -> None:
    """Let this worker's test database begin as a copy, made first by whichever worker comes first."""
    name = NAME + fingerprint()
    with alone():
        if connection.vendor == "sqlite":
            shutil.copyfile(_file(name), connection.settings_dict["TEST"]["NAME"])
        else:
            _make_on_server(name)
            connection.settings_dict["TEST"]["TEMPLATE"] = name


def fingerprint() -> str:
    """Return what changes with everything that migrations can be made of: they use the rooms' own code, too."""
    parts = [ROOT / "requirements.txt", Path(__file__)]
    parts += sorted(path for app in ("clinic", "contact", "services") for path in (ROOT / app).rglob("*.py"))
    parts += sorted(path for path in (ROOT / "clinic/demo").rglob("*.toml"))
    told = sha256()
    for path in parts:
        told.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return told.hexdigest()[:16]


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other worker is at it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _file(name: str) -> Path:
    ready = FOLDER / f"{name}.sqlite3"
    if not ready.exists():
        for older in FOLDER.glob(f"{NAME}*"):
            older.unlink()
        unfinished = ready.with_suffix(".unfinished")
        _migrate(f"sqlite:///{unfinished}")
        unfinished.rename(ready)
    return ready


def _make_on_server(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{NAME}%"])
        there = {found for (found,) in cursor.fetchall()}
        if name in there:
            return
        for older in there:
            _say(cursor, f'DROP DATABASE "{older}"')
        unfinished = f"{name}_unfinished"
        _say(cursor, f'CREATE DATABASE "{unfinished}"')
        _migrate(urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{unfinished}")))
        _say(cursor, f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _say(cursor: CursorWrapper, statement: str) -> None:
    """Say what takes no parameters; the names in it are our own."""
    cursor.execute(statement)


def _migrate(database_url: str) -> None:
    # Not measured: what migrations call has tests of its own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment |= {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "clinic.settings.test"}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
