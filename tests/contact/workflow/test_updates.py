"""Changes are recorded and never overwrite a later change; spam by mistake gets its former status again."""

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.utils.text import capfirst

from contact.models import Enquiry, EnquiryEvent
from contact.workflow.updates import NOT_SPAM, not_spam, update_enquiry
from tests.contact.admin.enquiry_page import address_of, press, unchanged
from tests.contact.factories import make_enquiry, make_message

pytestmark = pytest.mark.django_db


def test_a_change_is_saved_with_a_new_revision_and_recorded(rf: RequestFactory, receptionist: User) -> None:
    request = rf.post("/", REMOTE_ADDR="192.0.2.7")
    request.user = receptionist
    enquiry = make_enquiry()
    changed = update_enquiry(enquiry, request, status="answered", assigned_to=receptionist)
    assert changed == "status: New → Answered; assigned to: no one → reception"
    stored = Enquiry.objects.get()
    assert (stored.status, stored.assigned_to, stored.revision) == ("answered", receptionist, 1)
    assert stored.answered_at
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.reference, event.actor_name) == ("changed", enquiry.reference, "reception")
    assert (event.ip_address, event.detail) == ("192.0.2.7", changed)


def test_an_old_instance_does_not_undo_later_changes() -> None:
    enquiry = make_enquiry(status="answered")
    long_ago = Enquiry.objects.get()
    update_enquiry(enquiry, None, status="closed")
    update_enquiry(long_ago, None, legal_hold=True)
    stored = Enquiry.objects.get()
    assert (stored.status, stored.legal_hold, stored.revision) == ("closed", True, 2)
    assert stored.closed_at


def test_the_patients_words_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="message, name"):
        update_enquiry(make_enquiry(), None, name="Somebody", message="Else")


def make_spam(status: str, *before: str) -> Enquiry:
    """Return an enquiry with its mail sent, that had the statuses `before` and then this one."""
    enquiry = make_enquiry()
    make_message(enquiry=enquiry)
    for one in (*before, status):
        update_enquiry(enquiry, None, status=one)
    return enquiry


def decide(desk: Client, enquiry: Enquiry, verdict: str = "not_spam") -> list[str]:
    """Press the button of the page as it is in this enquiry's revision; return the messages on the next page."""
    posted = {"seen": str(enquiry.revision), "verdict": verdict}
    response = desk.post(address_of(enquiry, "verdict"), posted, follow=True)
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    "before", [("new",), ("in_progress",), ("answered",), ("closed",), ("answered", "suspected_spam")]
)
def test_the_former_status_is_the_one_before_it_became_spam(before: tuple[str, ...]) -> None:
    assert not_spam(make_spam("spam", *before)) == {"status": before[0]}


def test_the_last_time_it_became_spam_counts(receptionist: User) -> None:
    enquiry = make_spam("spam", "closed", "spam", "answered")
    assert not_spam(enquiry) == {"status": "answered"}
    update_enquiry(enquiry, None, status="in_progress", assigned_to=receptionist)
    update_enquiry(enquiry, None, status="spam", assigned_to=None)
    assert not_spam(enquiry) == {"status": "in_progress"}
    arrived_as_spam = make_enquiry(status="suspected_spam")
    update_enquiry(arrived_as_spam, None, status="spam")
    assert not_spam(arrived_as_spam) == {"status": "new"}


def test_suspected_spam_shows_why_and_whether_mail_is_held_back_and_is_decided_by_one_click(desk: Client) -> None:
    suspected = make_enquiry(status="suspected_spam", screening_reasons=["3 links"])
    known, spam = make_spam("suspected_spam", "in_progress"), make_spam("suspected_spam")
    html = desk.get(address_of(suspected)).content.decode()
    for words in ("This may be spam", "<li>3 links</li>", "No mail has been sent for it"):
        assert words in html
    assert "No mail has been sent for it" not in desk.get(address_of(known)).content.decode()
    for enquiry in (suspected, known):
        assert decide(desk, enquiry) == [f"{capfirst(NOT_SPAM)}."]
    decide(desk, spam, "spam")
    decide(desk, spam)  # from a page opened before
    assert [one.status for one in Enquiry.objects.order_by("pk")] == ["new", "in_progress", "spam"]
    assert suspected.messages.filter(kind="staff_notification").count() == 1
    assert "This may be spam" not in desk.get(address_of(suspected)).content.decode()
    answered = make_spam("suspected_spam", "answered")
    answered_at = answered.answered_at
    decide(desk, answered)
    answered.refresh_from_db()
    assert (answered.status, answered.answered_at, answered.messages.count()) == ("answered", answered_at, 1)


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
