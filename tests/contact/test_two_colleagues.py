"""Two colleagues at one enquiry, each with a page that shows it as it was."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contact.models import Enquiry
from tests.contact.factories import make_enquiry

pytestmark = pytest.mark.django_db


def page_of(desk: Client, enquiry: Enquiry) -> dict[str, str]:
    """Return what a browser would send from the page as it is now, nothing changed."""
    form = desk.get(reverse("admin:contact_enquiry_change", args=[enquiry.pk])).context["adminform"].form
    sent = {"messages-TOTAL_FORMS": "0", "messages-INITIAL_FORMS": "0"}
    for field in form:
        sent[field.html_name] = sent[field.html_initial_name] = str(field.value() or "")
    return sent


def save(desk: Client, enquiry: Enquiry, sent: dict[str, str]) -> Any:
    response = desk.post(reverse("admin:contact_enquiry_change", args=[enquiry.pk]), sent)
    enquiry.refresh_from_db()
    return response


def test_a_choice_from_an_old_tab_does_not_take_back_an_answer(desk: Client) -> None:
    enquiry = make_enquiry()
    old_tab = page_of(desk, enquiry)
    save(desk, enquiry, page_of(desk, enquiry) | {"status": "answered"})
    assert save(desk, enquiry, old_tab).status_code == 302
    assert enquiry.status == "answered"
    assert enquiry.answered_at


def test_the_page_remembers_what_it_showed(desk: Client) -> None:
    html = desk.get(reverse("admin:contact_enquiry_change", args=[make_enquiry().pk])).content.decode()
    for name in ("status", "assigned_to"):
        assert f'name="initial-{name}"' in html
