"""What was taken for spam and is none is what it was before, and nothing untrue is said about its mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from contact.models import Enquiry, Message
from contact.workflow.updates import status_before_spam, update_enquiry
from tests.contact.enquiry_page import address_of, press, shown
from tests.contact.factories import make_enquiry, make_message
from tests.contact.test_bulk_actions import do

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db


def make_spam(status: str, *before: str) -> Enquiry:
    """Return one that was told about, had these statuses one after the other, and is spam."""
    enquiry = make_enquiry()
    make_message(enquiry=enquiry)
    for one in (*before, status):
        update_enquiry(enquiry, None, status=one)
    return enquiry


def verdict(desk: Client, enquiry: Enquiry) -> list[str]:
    address = reverse("admin:contact_enquiry_verdict", args=[enquiry.pk])
    response = desk.post(address, {"seen": str(enquiry.revision), "verdict": "not_spam"}, follow=True)
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("before", ["new", "in_progress", "answered", "closed"])
@pytest.mark.parametrize("between", [(), ("suspected_spam",)])
def test_it_is_what_it_was_before_it_became_spam(before: str, between: tuple[str, ...]) -> None:
    assert status_before_spam(make_spam("spam", before, *between)) == before


def test_the_last_time_counts_and_what_else_was_decided_with_it_does_not(receptionist: User) -> None:
    enquiry = make_spam("spam", "closed", "spam", "answered")
    assert status_before_spam(enquiry) == "answered"
    update_enquiry(enquiry, None, status="in_progress", assigned_to=receptionist)
    update_enquiry(enquiry, None, status="spam", assigned_to=None)
    assert status_before_spam(enquiry) == "in_progress"


def test_what_came_as_suspected_is_new() -> None:
    enquiry = make_enquiry(status="suspected_spam")
    assert status_before_spam(enquiry) == "new"
    update_enquiry(enquiry, None, status="spam")
    assert status_before_spam(enquiry) == "new"


def test_spam_and_back_of_what_was_told_about_long_ago_speaks_of_no_mail(desk: Client) -> None:
    enquiry = make_spam("spam", "answered")
    answered_at = enquiry.answered_at
    assert do(desk, "mark_not_spam", enquiry) == ["1 no longer spam."]
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.answered_at, Message.objects.count()) == ("answered", answered_at, 1)


def test_only_mail_that_was_held_is_said_to_go_out(desk: Client) -> None:
    held = make_enquiry(status="suspected_spam")
    said = do(desk, "mark_not_spam", held, make_spam("spam", "in_progress"), make_spam("spam", "closed"))
    assert said == ["3 no longer spam.", "The mail that was held back for 1 of them goes out now."]
    assert set(held.messages.values_list("kind", flat=True)) == {"staff_notification", "patient_receipt"}


def test_the_button_on_the_page_says_what_is_so(desk: Client) -> None:
    suspected = make_enquiry(status="suspected_spam")
    assert verdict(desk, suspected) == ["Not spam: it waits for an answer, and its mail goes out now."]
    assert verdict(desk, make_spam("suspected_spam", "in_progress")) == ["Not spam: it waits for an answer."]
    assert verdict(desk, make_spam("suspected_spam", "answered")) == ["Not spam: it is answered, as before."]


def test_the_page_says_that_no_mail_went_out_only_where_none_did(desk: Client) -> None:
    words = "No mail has gone out for it"
    assert words in desk.get(address_of(make_enquiry(status="suspected_spam"))).content.decode()
    html = desk.get(address_of(make_spam("suspected_spam"))).content.decode()
    assert "This may be spam" in html
    assert words not in html


def test_nobody_chooses_suspected_by_hand(desk: Client) -> None:
    enquiry = make_enquiry()
    assert 'value="suspected_spam"' not in desk.get(address_of(enquiry)).content.decode()
    assert press(desk, enquiry, status="suspected_spam").status_code == 200
    assert enquiry.status == "new"


def test_what_is_suspected_can_stay_so_while_something_else_is_saved(desk: Client, receptionist: User) -> None:
    enquiry = make_enquiry(status="suspected_spam")
    assert press(desk, enquiry, assigned_to=str(receptionist.pk)).status_code == 302
    assert (enquiry.status, enquiry.assigned_to) == ("suspected_spam", receptionist)


def test_a_page_that_showed_it_suspected_saves_its_note_when_it_is_so_no_longer(desk: Client) -> None:
    enquiry = make_enquiry(status="suspected_spam")
    old_page = shown(enquiry) | {"note-text": "Asked twice", "_note": "yes"}
    update_enquiry(enquiry, None, status="answered")
    assert desk.post(address_of(enquiry), old_page).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.entries.count()) == ("answered", 1)
