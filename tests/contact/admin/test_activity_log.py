"""The activity log of one enquiry: who saw it and what was done, in plain words, also after it was deleted."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from contact.models import Enquiry, EnquiryEvent
from contact.models.event import EventType, record
from tests.contact.factories import hours_ago, make_enquiry
from tests.factories import make_person

pytestmark = pytest.mark.django_db
SEARCH = reverse("admin:contact_enquiry_who_saw_search")


def address_of(reference: str) -> str:
    return reverse("admin:contact_enquiry_who_saw", args=[reference])


def seen_by(reference: str, name: str, kind: str = "seen", hours: float = 1, **fields: str) -> EnquiryEvent:
    person = make_person("Reception", name) if fields.pop("is_new", "yes") else None
    return EnquiryEvent.objects.create(
        kind=kind, reference=reference, actor=person, actor_name=name, at=hours_ago(hours), **fields
    )  # fmt: skip


def test_it_names_who_when_from_where_and_what(managers_desk: Client, rf: RequestFactory) -> None:
    mo = make_person("Reception", "mo")
    mo.first_name, mo.last_name = "Mo", "Muster"
    mo.save()
    request = rf.get("/", REMOTE_ADDR="203.0.113.7")
    request.user = mo
    enquiry = make_enquiry(reference="K7-3F9Q", name="Robin Rare", message="sore knee")
    record(EventType.RECEIVED, "K7-3F9Q")
    record(EventType.LISTED, references=["AA-AAAA", "K7-3F9Q"], request=request, detail="2 enquiries")
    record(EventType.SEEN, "K7-3F9Q", request=request)
    record(EventType.CALLED, "K7-3F9Q", request=request, detail="Reached")
    record(EventType.EXPORTED, references=["K7-3F9Q"], request=request)
    record(EventType.SEEN, "AA-AAAA", request=request)
    html = managers_desk.get(address_of(enquiry.reference)).content.decode()
    for words in (
        "Mo Muster",
        "(Reception)",
        "203.0.113.7",
        "saw it in a list, with your name",
        "opened it and could read what you wrote",
        "phoned you",
        "(Reached)",
        "exported it to a file",
        "The website",
        "3 times",
    ):
        assert words in html
    for private in ("Robin", "knee", "sam@example.com", "AA-AAAA", "2 enquiries"):
        assert private not in html
    assert html.count("opened it and could read") == 1


def test_it_is_there_after_the_enquiry_was_deleted(managers_desk: Client) -> None:
    seen_by("K7-3F9Q", "mo")
    record(EventType.PURGED, "K7-3F9Q")
    assert not Enquiry.objects.exists()
    html = managers_desk.get(SEARCH, {"reference": "k73f9q"}, follow=True).content.decode()
    assert "The enquiry itself has been deleted" in html
    assert "deleted it at the end of the retention period" in html
    assert '<th scope="row">mo</th>' in html


def test_views_on_one_day_from_one_address_are_one_row_with_their_number(managers_desk: Client) -> None:
    first = seen_by("K7-3F9Q", "mo", hours=0.02)
    for _ in range(3):
        EnquiryEvent.objects.create(kind="seen", reference="K7-3F9Q", actor=first.actor, actor_name="mo", at=first.at)
    context = managers_desk.get(address_of("K7-3F9Q")).context
    assert [(activity.who, activity.times) for activity in context["activities"]] == [("mo", 4)]
    assert [(reader.who, reader.times) for reader in context["readers"]] == [("mo", 4)]


def test_a_colleague_whose_account_is_gone_keeps_the_name(managers_desk: Client) -> None:
    event = seen_by("K7-3F9Q", "mo")
    assert event.actor
    event.actor.delete()
    html = managers_desk.get(address_of("K7-3F9Q")).content.decode()
    assert "mo" in html
    assert "no longer works here" in html


def test_an_enquiry_that_no_one_opened_says_so(managers_desk: Client) -> None:
    html = managers_desk.get(address_of(make_enquiry(reference="K7-3F9Q").reference)).content.decode()
    assert "No one has opened it" in html


def test_what_is_not_a_reference_or_unknown_says_so(managers_desk: Client) -> None:
    assert "is not a reference" in managers_desk.get(SEARCH, {"reference": "<b>"}).content.decode()
    assert managers_desk.get(SEARCH).status_code == 200
    for unknown in ("K7-3F9Q", "nonsense"):
        response = managers_desk.get(address_of(unknown))
        assert response.status_code == 404
        assert "There is no record of" in response.content.decode()
