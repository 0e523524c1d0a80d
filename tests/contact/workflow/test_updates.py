"""Changes to an enquiry increase its revision, are recorded, and never overwrite a later change."""

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import RequestFactory

from contact.models import Enquiry, EnquiryEvent
from contact.workflow.updates import update_enquiry
from tests.contact.factories import make_enquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_at_desk(rf: RequestFactory, receptionist: User) -> HttpRequest:
    request = rf.post("/", REMOTE_ADDR="192.0.2.7")
    request.user = receptionist
    return request


def test_a_change_is_saved_with_a_new_revision_and_recorded(request_at_desk: HttpRequest, receptionist: User) -> None:
    enquiry = make_enquiry()
    changed = update_enquiry(enquiry, request_at_desk, status="answered", assigned_to=receptionist)
    assert changed == "status: New → Answered; assigned to: no one → reception"
    stored = Enquiry.objects.get()
    assert (stored.status, stored.assigned_to, stored.revision) == ("answered", receptionist, 1)
    assert stored.answered_at
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.reference, event.actor_name) == ("changed", enquiry.reference, "reception")
    assert (event.ip_address, event.detail) == ("192.0.2.7", changed)


def test_an_old_instance_does_not_undo_later_changes(request_at_desk: HttpRequest) -> None:
    enquiry = make_enquiry(status="answered")
    long_ago = Enquiry.objects.get()
    update_enquiry(enquiry, request_at_desk, status="closed")
    update_enquiry(long_ago, request_at_desk, legal_hold=True)
    stored = Enquiry.objects.get()
    assert (stored.status, stored.legal_hold, stored.revision) == ("closed", True, 2)
    assert stored.closed_at


def test_the_patients_words_cannot_be_changed(request_at_desk: HttpRequest) -> None:
    with pytest.raises(ValueError, match="message, name"):
        update_enquiry(make_enquiry(), request_at_desk, name="Somebody", message="Else")
