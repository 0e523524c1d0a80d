from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.contact.factories import browser_of
from tests.contact.mail_server import MailServer, serving
from tests.factories import make_person


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Nearly every test of enquiries stores some."""


@pytest.fixture
def desk(client: Client, receptionist: User) -> Client:
    """The receptionist, signed in."""
    client.force_login(receptionist)
    return client


@pytest.fixture
def mo() -> User:
    """A colleague of the receptionist."""
    return make_person("Reception", "mo", first_name="Mo", last_name="Muster")


@pytest.fixture
def mos_desk(mo: User) -> Client:
    return browser_of(mo)


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A real mail server that the site sends its mail to."""
    with serving(settings) as server:
        yield server
