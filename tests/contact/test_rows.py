"""What one line says about waiting, and where the address of a list with a name in it goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from clinic.opening_hours import Schedule
from contact.admin.rows import Reader
from contact.reply_time import WorkingHours
from tests.contact.factories import make_enquiry

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


@pytest.mark.parametrize(
    ("minutes", "flags", "said"),
    [
        (182, [], "not yet in opening hours"),
        (0, [], "just now"),
        (182, ["Chest pain"], "3 h 2 min ago"),
        (0, ["Chest pain"], "just now"),
    ],
)
def test_while_the_clinic_is_closed_nobody_has_waited_but_a_warning_sign_waits_by_the_clock(
    minutes: int, flags: list[str], said: str
) -> None:
    saturday = datetime(2026, 11, 28, 18, 37, tzinfo=ZoneInfo("America/Whitehorse"))
    enquiry = make_enquiry(received_at=saturday - timedelta(minutes=minutes), red_flags=flags)
    hours = WorkingHours(Schedule(), lambda _year: {})
    assert Reader(None, saturday, hours, (), {}).row(enquiry).waited == said


def test_an_address_with_a_name_is_told_to_no_other_host_and_kept_by_no_cache(desk: Client) -> None:
    response = desk.get(LIST, {"q": "Smith"})
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
