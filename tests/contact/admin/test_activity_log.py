"""The activity log, of all enquiries and of one: who saw it and what was done, also after it was deleted."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse

from contact.models import EnquiryEvent
from contact.models.event import EventType, record
from tests.contact.factories import make_enquiry

pytestmark = pytest.mark.django_db
SEARCH = reverse("admin:contact_enquiry_who_saw_search")
REFERENCE = "K7-3F9Q"


def address_of(reference: str) -> str:
    return reverse("admin:contact_enquiry_who_saw", args=[reference])


def test_it_names_who_when_from_where_and_what(as_manager: Client, rf: RequestFactory, mo: User) -> None:
    request = rf.get("/", REMOTE_ADDR="203.0.113.7")
    request.user = mo
    make_enquiry(reference=REFERENCE, name="Robin Rare", message="sore knee")
    record(EventType.RECEIVED, REFERENCE)
    record(EventType.LISTED, references=["AA-AAAA", REFERENCE], request=request, detail="2 enquiries")
    record(EventType.SEEN, REFERENCE, request=request)
    record(EventType.CALLED, REFERENCE, request=request, detail="Reached")
    record(EventType.EXPORTED, references=[REFERENCE], request=request)
    record(EventType.SEEN, "AA-AAAA", request=request)
    html = as_manager.get(address_of(REFERENCE)).content.decode()
    for words in (
        "Mo Muster", "(Reception)", "203.0.113.7", "saw it in a list, with your name",
        "opened it and could read what you wrote", "phoned you", "(Reached)", "exported it to a file",
        "The website", "3 times",
    ):  # fmt: skip
        assert words in html
    for private in ("Robin", "knee", "sam@example.com", "AA-AAAA", "2 enquiries"):
        assert private not in html
    assert html.count("opened it and could read") == 1


def test_it_remains_after_the_enquiry_and_the_colleagues_account_were_deleted(as_manager: Client, mo: User) -> None:
    EnquiryEvent.objects.create(kind="seen", reference=REFERENCE, actor=mo, actor_name="mo")
    record(EventType.PURGED, REFERENCE)
    mo.delete()
    html = as_manager.get(SEARCH, {"reference": "k73f9q"}, follow=True).content.decode()
    assert "The enquiry itself has been deleted" in html
    assert "deleted it at the end of the retention period" in html
    assert '<th scope="row">mo</th>' in html
    assert "no longer has an account" in html


def test_an_enquiry_that_no_one_opened_and_an_unknown_reference_say_so(as_manager: Client) -> None:
    make_enquiry(reference=REFERENCE)
    for typed in ("k73f9q", " k7 3f9q ", "K7–3F9Q"):
        assert "No one has opened it" in as_manager.get(SEARCH, {"reference": typed}).content.decode()
    for unknown, said in (("AA-AAAA", "There is no record of"), ("K0-3F9Q", "is not a reference")):
        for response in (as_manager.get(address_of(unknown)), as_manager.get(SEARCH, {"reference": unknown})):
            assert response.status_code == 404
            assert said in response.content.decode()


def test_events_are_found_by_type_person_and_reference(as_manager: Client, receptionist: User) -> None:
    by = {"actor": receptionist, "actor_name": "reception"}
    EnquiryEvent.objects.create(kind="seen", reference=REFERENCE, detail="opened", **by)
    EnquiryEvent.objects.create(kind="listed", references=f"34-6797 {REFERENCE}", detail="in a list", **by)
    EnquiryEvent.objects.create(kind="purged", reference="34-6797", detail="by itself")
    for query, found in (
        ({}, {"opened", "in a list", "by itself"}),
        ({"kind__exact": "seen"}, {"opened"}),
        ({"actor__id__exact": receptionist.pk}, {"opened", "in a list"}),
        ({"actor__isnull": "True"}, {"by itself"}),
        ({"q": "k73f9q"}, {"opened", "in a list"}),
        ({"q": "reception"}, {"opened", "in a list"}),
    ):
        html = as_manager.get(reverse("admin:contact_enquiryevent_changelist"), query).content.decode()
        assert set(re.findall(r'class="field-detail[^"]*">([^<]*)<', html)) == found
