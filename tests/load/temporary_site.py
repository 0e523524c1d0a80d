"""A site with a database of its own, for load tests and drills; both are gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import django

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]

# Every type of page that a visitor meets.
PAGES = {
    "home": "/",
    "treatments": "/services/",
    "treatment (IMS)": "/services/ims-dry-needling/",
    "conditions": "/conditions/",
    "condition": "/conditions/frozen-shoulder/",
    "team": "/team/",
    "practitioner": "/team/robin-sample/",
    "locations": "/locations/",
    "location": "/locations/whitehorse/",
    "fees": "/fees/",
    "plain page": "/about/",
    "contact": "/contact/",
    "enquiry": "/enquiry/",
    "search": "/search/",  # its results are kept out of search engines on purpose
}


@contextmanager
def temporary_site(database_url: str, **environment: str) -> Iterator[str]:
    """Make an empty, migrated database beside the given one and set Django up on it; yield its kind.

    `database_url`: empty for SQLite, or `postgres://user@host:port/any`, whose user may create databases.
    """
    with tempfile.TemporaryDirectory(prefix="clinic-load-") as folder:
        name = f"clinic_load_{os.getpid()}"
        url = _beside(database_url, name) if database_url else f"sqlite:///{folder}/load.sqlite3"
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "clinic.settings.production",
            "DATABASE_URL": url,
            "DATA_DIR": folder,
            "SECRET_KEY": "for-load-tests-only-" + "0123456789abcdef" * 4,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": "http://127.0.0.1",
            "EMAIL_URL": "memory:",
            "DEFAULT_FROM_EMAIL": "clinic@example.org",
        } | environment
        Path(folder, "static").mkdir()
        if database_url:
            _on_server(database_url, f'CREATE DATABASE "{name}"')
        try:
            subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
            django.setup()
            yield "PostgreSQL" if database_url else "SQLite"
        finally:
            _disconnect()
            if database_url:
                _on_server(database_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _beside(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _on_server(url: str, statement: str) -> None:
    # Only where there is a PostgreSQL is there its driver.
    import psycopg  # noqa: PLC0415  an extra, needed on PostgreSQL alone

    server = urlunsplit(urlsplit(url)._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())


def _disconnect() -> None:
    from django.db import connections  # noqa: PLC0415  Django is set up by now, or there is nothing to close

    connections.close_all()
