"""The activity log as managers read it."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from contact.models import DeliveryAttempt, EnquiryEvent, SyntheticCheck
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_a_record_begins_with_the_time_in_the_clinics_time_zone() -> None:
    at = datetime(2026, 11, 28, 17, 22, tzinfo=UTC)
    assert str(EnquiryEvent(at=at, kind="seen", reference="K7-3F9Q")) == "November 28, 2026, 10:22 a.m. Opened K7-3F9Q"
    assert str(SyntheticCheck(started_at=at)) == "November 28, 2026, 10:22 a.m. not passed"
    assert str(DeliveryAttempt(started_at=at, outcome="sent")) == "November 28, 2026, 10:22 a.m. Sent"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"opened", "in a list", "by itself"}),
        ({"kind__exact": "seen"}, {"opened"}),
        ({"actor__id__exact": "reception"}, {"opened", "in a list"}),
        ({"actor__isnull": "True"}, {"by itself"}),
        ({"q": "k73f9q"}, {"opened", "in a list"}),
        ({"q": "reception"}, {"opened", "in a list"}),
    ],
)
def test_events_are_found_by_type_person_and_reference(
    managers_desk: Client, query: dict[str, str], found: set[str]
) -> None:
    reception = make_person("Reception")
    by = {"actor_id": reception.pk, "actor_name": "reception"}
    EnquiryEvent.objects.create(kind="seen", reference="K7-3F9Q", detail="opened", **by)
    EnquiryEvent.objects.create(kind="listed", references="34-6797 K7-3F9Q", detail="in a list", **by)
    EnquiryEvent.objects.create(kind="purged", reference="34-6797", detail="by itself")
    if "actor__id__exact" in query:
        query = {"actor__id__exact": str(reception.pk)}
    html = managers_desk.get(reverse("admin:contact_enquiryevent_changelist"), query).content.decode()
    assert "By who" in html
    assert ">the website</a>" in re.sub(r"\s*\n\s*", "", html)
    assert set(re.findall(r'class="field-detail[^"]*">([^<]*)<', html)) == found
