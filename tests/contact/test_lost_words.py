"""Words written for an enquiry that was erased meanwhile are given back, and kept nowhere."""

import pytest
from django.test import Client
from django.urls import reverse

from contact.models import Entry
from tests.contact.factories import make_enquiry
from tests.factories import make_person

pytestmark = pytest.mark.django_db
WORDS = "Called back, <b>knee</b> again"


@pytest.mark.parametrize(("page", "field"), [("change", "note-text"), ("change", "call-text"), ("reply", "text")])
def test_they_are_given_back_to_be_copied(desk: Client, page: str, field: str) -> None:
    enquiry = make_enquiry()
    address = reverse(f"admin:contact_enquiry_{page}", args=[enquiry.pk])
    enquiry.delete()
    response = desk.post(address, {field: WORDS})
    assert response.status_code == 410
    assert "no-store" in response["Cache-Control"]
    assert "Called back, &lt;b&gt;knee&lt;/b&gt; again</textarea>" in response.content.decode()
    assert not Entry.objects.exists()
    assert WORDS not in str(desk.session.items())
    assert desk.post(address).status_code == 404
    assert desk.get(address).status_code in {302, 404}


@pytest.mark.parametrize("role", ["Physiotherapists", ""])
def test_nobody_else_learns_that_it_is_gone(client: Client, role: str) -> None:
    client.force_login(make_person(role))
    assert client.post(reverse("admin:contact_enquiry_change", args=[99]), {"note-text": WORDS}).status_code == 403
