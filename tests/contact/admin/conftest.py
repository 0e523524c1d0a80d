import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.contact.factories import browser_of
from tests.factories import make_person


@pytest.fixture
def mo(db: None) -> User:
    """A colleague of the receptionist."""
    return make_person("Reception", "mo", first_name="Mo", last_name="Muster")


@pytest.fixture
def mos_desk(mo: User) -> Client:
    return browser_of(mo)
