import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import make_person


@pytest.fixture
def mo(db: None) -> User:
    """A colleague of the receptionist."""
    mo = make_person("Reception", "mo")
    mo.first_name, mo.last_name = "Mo", "Muster"
    mo.save()
    return mo


@pytest.fixture
def mos_desk(mo: User) -> Client:
    """Mo, signed in in another browser."""
    client = Client()
    client.force_login(mo)
    return client
