from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from tests.contact.mail_server import MailServer, serving


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


@pytest.fixture
def managers_desk(client: Client, manager: User) -> Client:
    """The manager, signed in."""
    client.force_login(manager)
    return client


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A real mail server that the site sends its mail to."""
    with serving(settings) as server:
        yield server
