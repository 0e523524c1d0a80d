"""What was marked as spam by mistake gets its former status again, and what the page says about its mail is true."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from contact.models import Enquiry
from contact.workflow.updates import status_before_spam, update_enquiry
from tests.contact.admin.enquiry_page import address_of, press, unchanged
from tests.contact.factories import make_enquiry, make_message

pytestmark = pytest.mark.django_db


def make_spam(status: str, *before: str) -> Enquiry:
    """Return an enquiry whose mail has gone out, that had these statuses one after the other, and is spam."""
    enquiry = make_enquiry()
    make_message(enquiry=enquiry)
    for one in (*before, status):
        update_enquiry(enquiry, None, status=one)
    return enquiry


def verdict(desk: Client, enquiry: Enquiry) -> list[str]:
    posted = {"seen": str(enquiry.revision), "verdict": "not_spam"}
    response = desk.post(address_of(enquiry, "verdict"), posted, follow=True)
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("before", ["new", "in_progress", "answered", "closed"])
@pytest.mark.parametrize("between", [(), ("suspected_spam",)])
def test_it_is_the_status_before_it_became_spam(before: str, between: tuple[str, ...]) -> None:
    assert status_before_spam(make_spam("spam", before, *between)) == before


def test_the_last_time_it_became_spam_counts(receptionist: User) -> None:
    enquiry = make_spam("spam", "closed", "spam", "answered")
    assert status_before_spam(enquiry) == "answered"
    update_enquiry(enquiry, None, status="in_progress", assigned_to=receptionist)
    update_enquiry(enquiry, None, status="spam", assigned_to=None)
    assert status_before_spam(enquiry) == "in_progress"
    arrived_as_spam = make_enquiry(status="suspected_spam")
    update_enquiry(arrived_as_spam, None, status="spam")
    assert status_before_spam(arrived_as_spam) == "new"


def test_the_page_says_whether_mail_is_sent_now(desk: Client) -> None:
    suspected, known = make_enquiry(status="suspected_spam"), make_spam("suspected_spam", "in_progress")
    words = "No mail has been sent for it"
    assert words in desk.get(address_of(suspected)).content.decode()
    assert words not in desk.get(address_of(known)).content.decode()
    assert verdict(desk, suspected) == ["Not spam: waiting for an answer, and its mail is going out now."]
    assert verdict(desk, known) == ["Not spam: waiting for an answer."]
    answered = make_spam("suspected_spam", "answered")
    answered_at = answered.answered_at
    assert verdict(desk, answered) == ["Not spam: answered, as before."]
    answered.refresh_from_db()
    assert (answered.answered_at, answered.messages.count()) == (answered_at, 1)


def test_suspected_spam_cannot_be_chosen_on_the_page(desk: Client) -> None:
    enquiry = make_enquiry()
    assert 'value="suspected_spam"' not in desk.get(address_of(enquiry)).content.decode()
    assert press(desk, enquiry, status="suspected_spam").status_code == 200
    assert enquiry.status == "new"


def test_suspected_spam_stays_when_something_else_is_saved(desk: Client, receptionist: User) -> None:
    enquiry = make_enquiry(status="suspected_spam")
    old_page = unchanged(enquiry) | {"note_text": "Asked twice", "_note": "yes"}
    assert press(desk, enquiry, assigned_to=str(receptionist.pk)).status_code == 302
    assert (enquiry.status, enquiry.assigned_to) == ("suspected_spam", receptionist)
    update_enquiry(enquiry, None, status="answered")
    assert desk.post(address_of(enquiry), old_page).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.entries.count()) == ("answered", 1)
