"""What a person gets to read about their enquiry: in their words, and in few lines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from contact.models import EnquiryEvent
from contact.privacy.disclosure import LABELS, OF_A_MESSAGE, OF_AN_ATTEMPT, OF_AN_ENTRY, enquiry_fields
from tests.contact.factories import make_enquiry
from tests.factories import make_person

if TYPE_CHECKING:
    from django.test import Client

PERSON = reverse("admin:contact_enquiry_person")


@pytest.mark.django_db
def test_who_saw_it_is_told_in_few_lines_and_plain_words_and_in_full_as_json(client: Client) -> None:
    enquiry = make_enquiry()
    person = make_person("Reception")
    by = {"actor": person, "actor_name": person.username}
    for _ in range(30):
        EnquiryEvent.objects.create(kind="listed", references=f"{enquiry.reference} 34-6797", **by)
    EnquiryEvent.objects.create(kind="changed", reference=enquiry.reference, detail="status: New to Closed", **by)
    client.force_login(make_person("Managers"))
    chosen = {"email": enquiry.email, "enquiry": [enquiry.pk]}

    html = client.post(PERSON, chosen | {"do": "html"}).content.decode()
    [lines] = re.findall(r"<ul>(.*?)</ul>", html, re.DOTALL)
    assert "reception (Reception) saw it in a list, with your name and how to reach you, 30 times" in lines
    assert "reception (Reception) changed how far it is (status: New to Closed)" in lines
    assert lines.count("30 times") == lines.count("reception (Reception) saw it") == 1
    assert "<dt>How to reach you</dt>" in html
    assert "Preferred way" not in html

    [told] = json.loads(client.post(PERSON, chosen | {"do": "json"}).content)["enquiries"]
    events = [event for event in told["who_saw_or_did_what"] if event["actor_name"] == "reception"]
    assert len(events) == 31
    assert events[-1]["detail"] == "status: New to Closed"


def test_each_field_has_a_name_for_the_person() -> None:
    """Those without one are named in the model as anybody would."""
    shown = {*enquiry_fields(), *OF_AN_ENTRY, *OF_A_MESSAGE, *OF_AN_ATTEMPT}
    assert shown - LABELS.keys() == {"reference", "name", "email", "phone", "due_at", "outcome"}
