"""A cached page expires when the time makes what it says untrue."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, RequestFactory

from clinic.models import ClinicDetails
from clinic.page_cache.invalidation import EXPIRES_AT, earliest_expiry, expires_at
from tests import factories

WHITEHORSE = ZoneInfo("America/Whitehorse")


def at(hour: int, minute: int = 0, day: int = 5) -> datetime:
    """A moment on Monday 5 January 2026 or a day after it."""
    return datetime(2026, 1, day, hour, minute, tzinfo=WHITEHORSE)


def test_every_page_expires_at_midnight_in_whitehorse() -> None:
    assert earliest_expiry({}, at(23, 59)) == at(0, day=6)
    assert earliest_expiry({}, at(0, day=6)) == at(0, day=7)


def test_the_earliest_expiry_of_a_page_counts() -> None:
    request = RequestFactory().get("/")
    for moment in (at(17), at(12), None, at(13)):
        expires_at(request, moment)
    expires_at(None, at(8))
    assert earliest_expiry(request.META, at(9)) == at(12)


@pytest.mark.django_db
@pytest.mark.parametrize(("now", "end"), [(at(8), at(9)), (at(9), at(17)), (at(18), at(0, day=6))])
def test_only_pages_that_say_whether_the_clinic_is_open_expire_when_that_changes(
    client: Client, monkeypatch: pytest.MonkeyPatch, now: datetime, end: datetime
) -> None:
    location = factories.make_location()
    factories.add_hours(location, 0)
    details = ClinicDetails.for_site(location.get_site())
    details.main_location = location
    details.save()
    monkeypatch.setattr("clinic.templatetags.clinic_tags.timezone.now", lambda: now)
    for address in ("/", location.url):
        response = client.get(address)
        assert set(response.wsgi_request.META[EXPIRES_AT]) == {end}, address
    assert EXPIRES_AT not in client.get(factories.make_standard().url).wsgi_request.META
