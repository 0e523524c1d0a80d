"""People who ask for their data get it in plain words."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from contact.models import EnquiryEvent
from contact.privacy.person import ENTRY_FIELDS, EVENT_FIELDS, LABELS, MESSAGE_FIELDS, enquiry_fields
from tests.contact.factories import make_enquiry
from tests.factories import make_person

PERSON = reverse("admin:contact_enquiry_person")


@pytest.mark.django_db
def test_the_html_file_sums_up_who_saw_an_enquiry_and_the_json_file_has_each_event(managers_desk: Client) -> None:
    enquiry = make_enquiry()
    person = make_person("Reception")
    by = {"actor": person, "actor_name": person.username}
    for _ in range(30):
        EnquiryEvent.objects.create(kind="listed", references=f"{enquiry.reference} 34-6797", **by)
    EnquiryEvent.objects.create(kind="changed", reference=enquiry.reference, detail="status: New to Closed", **by)
    chosen = {"email": enquiry.email, "enquiry": [enquiry.pk]}

    html = managers_desk.post(PERSON, chosen | {"do": "html"}).content.decode()
    [lines] = re.findall(r"<ul>(.*?)</ul>", html, re.DOTALL)
    assert "reception (Reception) saw it in a list, with your name and contact details, 30 times" in lines
    assert "reception (Reception) changed its status (status: New to Closed)" in lines
    assert lines.count("30 times") == lines.count("reception (Reception) saw it") == 1
    assert "<dt>Preferred way of answering</dt>" in html
    assert "Answer by" not in html

    [data] = json.loads(managers_desk.post(PERSON, chosen | {"do": "json"}).content)["enquiries"]
    events = [event for event in data["activity"] if event.get("By") == "reception"]
    assert len(events) == 31
    assert events[-1]["Details"] == "status: New to Closed"


def test_each_field_has_a_label_for_the_person() -> None:
    disclosed = {*enquiry_fields(), *ENTRY_FIELDS, *MESSAGE_FIELDS, *EVENT_FIELDS}
    plain_in_form_or_model = {"reference", "email", "phone", "voicemail_ok", "status", "assigned_to", "due_at", "text"}
    assert disclosed - LABELS.keys() == plain_in_form_or_model
