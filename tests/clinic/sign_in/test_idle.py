from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from clinic.sign_in.middleware import ACTIVE_AT
from contact.models import Entry
from tests.contact.factories import make_enquiry
from tests.factories import PASSWORD
from tests.markup import Markup

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(receptionist: User) -> Client:
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    client.force_login(receptionist)
    return client


def fields_of(response: Any) -> dict[str, str]:
    """Return the hidden fields of the page that asks to send it again."""
    return Markup(response.text.partition('class="repeat"')[2]).hidden_inputs()


def note(browser: Client) -> tuple[str, dict[str, str]]:
    enquiry = make_enquiry()
    address = reverse("admin:contact_enquiry_change", args=[enquiry.pk])
    page = browser.get(address)
    return address, {
        "csrfmiddlewaretoken": str(page.context["csrf_token"]),
        "status": "new", "initial-status": "new", "assigned_to": "", "initial-assigned_to": "",
        "seen_revision": "0", "note_text": "Rang <twice>", "_note": "yes",
    }  # fmt: skip


def leave_idle(browser: Client, seconds: int) -> float:
    """Let this time pass without a request; return when the session was active last."""
    session = browser.session
    session[ACTIVE_AT] -= seconds
    session.save()
    return float(session[ACTIVE_AT])


def test_a_locked_desk_saves_what_was_typed_once_the_password_is_given(browser: Client, settings: LazySettings) -> None:
    address, typed = note(browser)
    leave_idle(browser, settings.DESK_LOCKS_AFTER + 1)
    locked = browser.post(address, typed)
    assert "The desk is locked" in locked.text
    wrong = browser.post(address, fields_of(locked) | {"unlock_password": "wrong"})
    assert "not your password" in wrong.text
    assert not Entry.objects.exists()
    assert browser.post(address, fields_of(wrong) | {"unlock_password": PASSWORD}).status_code == 302
    assert Entry.objects.get().text == "Rang <twice>"


def test_a_locked_page_is_shown_again_once_the_password_is_given(browser: Client, settings: LazySettings) -> None:
    address, _typed = note(browser)
    before = leave_idle(browser, 600)
    browser.get(address, headers={"X-Poll": "1"})
    assert browser.session[ACTIVE_AT] == before, "asking by script is no activity"
    browser.get(address)
    assert browser.session[ACTIVE_AT] > before
    leave_idle(browser, settings.DESK_LOCKS_AFTER + 1)
    locked = browser.get(address)
    assert "Sam Sample" not in locked.text
    assert browser.get(address, headers={"X-Poll": "1"}).status_code == 403
    answer = browser.post(address, fields_of(locked) | {"unlock_password": PASSWORD}, follow=True)
    assert "Sam Sample" in answer.text


def test_a_session_that_ends_in_mid_sentence_loses_and_leaks_nothing(browser: Client, receptionist: User) -> None:
    address, typed = note(browser)
    browser.session.flush()
    answer = browser.post(address, typed, HTTP_ORIGIN="https://evil.example")
    assert answer.status_code == 403 or answer.headers["Location"].startswith("/django-admin/login/")
    assert b"Rang" not in answer.content
    ended = browser.post(address, typed)
    assert ended.status_code == 401
    browser.force_login(receptionist)  # in another tab
    again = browser.post(address, fields_of(ended) | {"csrfmiddlewaretoken": "of an earlier session"})
    assert again.status_code == 403
    assert browser.post(address, fields_of(again)).status_code == 302
    assert Entry.objects.get().text == "Rang <twice>"
