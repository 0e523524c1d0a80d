"""One migrated database for all workers of a test run: migrating an empty one takes half a minute of processor time.

It stays, as a file below `var/` or as a database on PostgreSQL's server, until a migration or a package changes.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "tests"
NAME = "clinic_migrated_"


def start_from_it() -> None:
    """Let this worker's test database begin as a copy, made first by whichever worker comes first."""
    with alone():
        if connection.vendor == "sqlite":
            shutil.copyfile(sqlite_file(), connection.settings_dict["TEST"]["NAME"])
        else:
            name = migrated_name()
            _make_on_server(name)
            connection.settings_dict["TEST"]["TEMPLATE"] = name


def fingerprint(*patterns: str) -> str:
    """Return what changes with the locked packages, this file, and the files that match the patterns."""
    digest = sha256()
    files = sorted(file for pattern in patterns for file in ROOT.glob(pattern))
    for path in [ROOT / "requirements.txt", Path(__file__), *files]:
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def migrated_name() -> str:
    """Return the name of the database: another one when a migration, a role or a first row changes."""
    after_migrations = ("contact/workflow/roles.*", "services/models/review_task.py", "clinic/models/search.py")
    return NAME + fingerprint("*/migrations/*.py", "*/apps.py", "contact/screening/*.toml", *after_migrations)


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other worker is at it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sqlite_file() -> Path:
    """Return the migrated SQLite file, made if it is missing. Call it within `alone`."""
    ready = FOLDER / f"{migrated_name()}.sqlite3"
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
            cursor.execute(f'DROP DATABASE "{older}"')
        unfinished = f"{name}_unfinished"
        cursor.execute(f'CREATE DATABASE "{unfinished}"')
        _migrate(urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{unfinished}")))
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def _migrate(database_url: str) -> None:
    # Not measured: what migrations call has tests of its own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment |= {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "clinic.settings.test"}
    command = [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    # From `make check`: one of two cores has nothing else to do while mypy still runs.
    with alone():
        sqlite_file()
