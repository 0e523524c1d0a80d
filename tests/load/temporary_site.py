"""A site with its own database and its servers, for benchmarks and drills; all are gone afterwards."""

import argparse
import http.client
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import django

from tests.another_process import free_port, wait_until  # noqa: F401  for all drills

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"

# Every type of page that a visitor meets.
PAGES = {
    "home": "/",
    "treatments": "/services/",
    "treatment (IMS)": "/services/ims-dry-needling/",
    "conditions": "/conditions/",
    "condition": "/conditions/frozen-shoulder/",
    "team": "/team/",
    "practitioner": "/team/robin-sample/",
    "location": "/locations/whitehorse/",
    "fees": "/fees/",
    "plain page": "/about/",
    "contact": "/contact/",
    "enquiry": "/enquiry/",
    "search": "/search/",  # its results are kept out of search engines on purpose
}


def arguments(description: str | None, **defaults: float | str) -> argparse.Namespace:
    """Return the options of the command line: `--database`, and one for each default."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--database", default=os.environ.get("LOAD_DATABASE_URL", ""))
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return parser.parse_args()


def run(*command: str | Path, **environment: str) -> None:
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)


def manage(*command: str, **environment: str) -> None:
    run(sys.executable, "manage.py", *command, **environment)


@contextmanager
def gunicorn(
    port: int, application: str = "clinic.wsgi", *options: str, python: str = sys.executable, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the application, as a deployment does, until the end of the block."""
    command = [python, "-m", "gunicorn", "--config=gunicorn.conf.py", f"--bind={HOST}:{port}"]
    with running(*command, *options, application, environment=environment) as server:
        wait_until(lambda: server.poll() is not None or status(HOST, "/robots.txt", port) > 0)
        if server.poll() is not None:
            raise RuntimeError("The server did not start.")
        time.sleep(2)  # the second process may still be importing
        yield server


@contextmanager
def running(
    *command: str, log: Path = Path(os.devnull), environment: Mapping[str, str] = os.environ
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the program until the end of the block; the log gets what it prints."""
    with (
        log.open("ab") as output,
        subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


class Worker:
    """The site's worker, until the end of the block; in between it can be killed and started again."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        command = [sys.executable, "manage.py", "work", "--interval", "0.1"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)


def status(host: str, path: str, port: int) -> int:
    """Return the status of the answer; 0 if there is none."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": HOST})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def allow_any_number() -> None:
    """Let everything pass as in a usual hour, with a notification and a receipt for each enquiry."""
    from contact.models import DeskSettings  # noqa: PLC0415  Django is set up by now

    DeskSettings.objects.update_or_create(
        defaults={"most_in_an_hour": 32_000, "most_from_one_address": 32_000, "spam_line": 1000}
    )


@contextmanager
def temporary_site(database_url: str, **environment: str) -> Iterator[str]:
    """Make an empty, migrated database beside the given one and set Django up on it; yield its kind.

    `database_url`: empty for SQLite, or `postgres://user@host:port/any`, whose user may create databases.
    """
    with tempfile.TemporaryDirectory(prefix="clinic-load-") as folder:
        name = f"clinic_load_{os.getpid()}"
        beside = urlunsplit(urlsplit(database_url)._replace(path=f"/{name}"))
        url = beside if database_url else f"sqlite:///{folder}/load.sqlite3"
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "clinic.settings.production",
            "DATABASE_URL": url,
            "DATA_DIR": folder,
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": "http://127.0.0.1",
            "EMAIL_URL": "memory:",
            "DEFAULT_FROM_EMAIL": "clinic@example.org",
        } | environment
        if database_url:
            _on_server(database_url, f'CREATE DATABASE "{name}"')
        try:
            manage("migrate", "-v0")
            # Every page names a file in the style sheet by its hash.
            manage("collectstatic", "--no-input", "-v0")
            django.setup()
            yield "PostgreSQL" if database_url else "SQLite"
        finally:
            from django.db import connections  # noqa: PLC0415  Django is set up by now, or there is nothing to close

            connections.close_all()
            if database_url:
                _on_server(database_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(url: str, statement: str) -> None:
    # Only where there is a PostgreSQL is there its driver.
    import psycopg  # noqa: PLC0415  an extra, needed on PostgreSQL alone

    server = urlunsplit(urlsplit(url)._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())
