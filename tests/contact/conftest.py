from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client


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
def desk(client: Client, receptionist: User) -> Client:
    """The receptionist, signed in."""
    client.force_login(receptionist)
    return client
