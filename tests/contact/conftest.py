from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.factories import make_person


def _no_writing(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
    if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
        raise OperationalError("database is locked")
    return execute(sql, *args)


@pytest.fixture
def database_locked(db: None) -> Iterator[None]:
    """It can be read, and not written."""
    with connection.execute_wrapper(_no_writing):
        yield


@pytest.fixture
def desk(client: Client, db: None) -> Client:
    """A receptionist, signed in."""
    client.force_login(make_person("Reception"))
    return client
