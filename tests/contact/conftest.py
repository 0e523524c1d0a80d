from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.contact.mail_server import MailServer, serving


@pytest.fixture
def desk(client: Client, receptionist: User) -> Client:
    """The receptionist, signed in."""
    client.force_login(receptionist)
    return client


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A real mail server that the site sends its mail to."""
    with serving(settings) as server:
        yield server
