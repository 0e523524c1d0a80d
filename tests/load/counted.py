"""The production site, which also writes each database statement to the file STATEMENT_LOG (`tests/load/idle.py`)."""

import os
from typing import Any

from django.db.backends.signals import connection_created

from clinic.settings.production import *  # noqa: F403  one file of settings starts from the other

_log = os.open(os.environ["STATEMENT_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def _write(execute: Any, sql: str, *rest: Any) -> Any:
    os.write(_log, f"{' '.join(sql.split())}\n".encode())
    return execute(sql, *rest)


def _count(connection: Any, **_kwargs: Any) -> None:
    if _write not in connection.execute_wrappers:
        connection.execute_wrappers.append(_write)


connection_created.connect(_count, weak=False)
