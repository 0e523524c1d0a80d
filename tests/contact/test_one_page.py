"""What is typed and what is chosen on an enquiry's page is saved by each of its buttons, all of it or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from contact.models import Enquiry, EnquiryEvent, Entry
from contact.workflow import timeline
from tests.contact.enquiry_page import address_of, press
from tests.contact.factories import make_enquiry
from tests.factories import make_person
from tests.markup import Markup

if TYPE_CHECKING:
    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
BUTTONS = ("_continue", "_next", "_note", "_call")
WRITTEN = {"note_text": "Prefers Sam", "call_outcome": "no_answer", "call_text": "Rang twice"}


def kept() -> list[tuple[str, str]]:
    return sorted(Entry.objects.values_list("kind", "text"))


def said(response: Any, desk: Client) -> list[str]:
    return [str(message) for message in desk.get(response["Location"]).context["messages"]]


@pytest.mark.parametrize("button", BUTTONS)
def test_each_button_keeps_the_note_the_call_and_the_decisions(desk: Client, receptionist: User, button: str) -> None:
    enquiry = make_enquiry()
    response = press(desk, enquiry, button, status="answered", assigned_to=str(receptionist.pk), **WRITTEN)
    assert response.status_code == 302
    assert kept() == [("call", "Rang twice"), ("note", "Prefers Sam")]
    assert (enquiry.status, enquiry.assigned_to) == ("answered", receptionist)


def test_the_page_has_one_form_for_all_of_it_without_javascript(desk: Client) -> None:
    page = Markup(desk.get(address_of(make_enquiry())).content.decode())
    of_the_form = {element.attributes.get("name") for element in page.elements if
                   element.attributes.get("form") == "enquiry_form"}  # fmt: skip
    assert of_the_form == {"note-text", "call-outcome", "call-text", "_note", "_call"}


def test_what_was_done_is_said_and_nothing_else(desk: Client) -> None:
    enquiry = make_enquiry()
    response = press(desk, enquiry, status="closed", note_text="Prefers Sam")
    assert said(response, desk) == [f"{enquiry.reference} saved: note kept; status: New → Closed."]
    assert said(press(desk, enquiry, note_text=" \n "), desk) == ["Nothing was changed."]
    assert [kind for kind, _ in kept()] == ["note"]


def test_what_was_chosen_wins_over_what_the_call_alone_would_change(desk: Client) -> None:
    enquiry = make_enquiry()
    press(desk, enquiry, status="closed", call_outcome="reached_answered")
    assert enquiry.status == "closed"
    assert enquiry.answered_at, "the call answered it before it was closed"


@pytest.mark.parametrize("button", ["_continue", "_note", "_call"])
def test_a_mistake_in_one_part_saves_nothing_and_shows_everything_again(desk: Client, button: str) -> None:
    enquiry = make_enquiry()
    response = press(desk, enquiry, button, status="answered", note_text="Prefers Sam", call_text="Rang twice")
    html = response.content.decode()
    assert response.status_code == 200
    assert (enquiry.status, kept()) == ("new", [])
    assert "Nothing was saved yet" in html
    assert '<a href="#work">' in html
    for typed in ("Prefers Sam</textarea>", "Rang twice</textarea>", '<option value="answered" selected>'):
        assert typed in html
    folded_away = re.findall(r'<details class="work">\s*<summary>(.*?)</summary>', html)
    assert not {"Log a phone call", "Write a note"} & set(folded_away), "what was typed is seen"


@pytest.mark.parametrize("button", ["_note", "_call"])
def test_a_button_beside_an_empty_field_asks_for_the_words_and_keeps_what_was_chosen(desk: Client, button: str) -> None:
    enquiry = make_enquiry()
    response = press(desk, enquiry, button, status="answered")
    html = response.content.decode()
    assert "This field is required." in html
    assert '<option value="answered" selected>' in html
    assert enquiry.status == "new"


def test_a_double_click_keeps_everything_once_and_is_no_colleague(desk: Client) -> None:
    enquiry = make_enquiry()
    old_page = Enquiry.objects.get()
    press(desk, enquiry, status="answered", **WRITTEN)
    second = press(desk, old_page, status="answered", **WRITTEN)
    assert second.status_code == 302
    assert [kind for kind, _ in kept()] == ["call", "note"]
    changes = EnquiryEvent.objects.filter(kind="changed").values_list("detail", flat=True).order_by("pk")
    assert list(changes) == ["status: New → In progress", "status: In progress → Answered"]


def test_a_page_that_a_colleague_overtook_keeps_no_word_until_it_is_saved_again(desk: Client) -> None:
    enquiry = make_enquiry()
    old_page = Enquiry.objects.get()
    colleague = Client()
    colleague.force_login(make_person("Reception", "mo"))
    press(colleague, enquiry, status="in_progress")
    refused = press(desk, old_page, "_note", status="closed", note_text="Prefers Sam")
    assert refused.context["answer"].versions
    assert "Prefers Sam</textarea>" in refused.content.decode()
    assert (enquiry.status, kept()) == ("in_progress", [])
    press(desk, Enquiry.objects.get(), status="closed", note_text="Prefers Sam")
    assert (Enquiry.objects.get().status, kept()) == ("closed", [("note", "Prefers Sam")])


def test_a_note_alone_is_kept_also_from_a_page_that_a_colleague_overtook(desk: Client) -> None:
    enquiry = make_enquiry()
    old_page = Enquiry.objects.get()
    press(desk, enquiry, status="answered")
    assert press(desk, old_page, note_text="Prefers Sam").status_code == 302
    assert (Enquiry.objects.get().status, kept()) == ("answered", [("note", "Prefers Sam")])


def test_what_fails_halfway_leaves_nothing_behind(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    enquiry = make_enquiry()

    def broken(*_args: Any, **_options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(timeline, "update_enquiry", broken)
    with pytest.raises(RuntimeError):
        press(desk, enquiry, status="answered", **WRITTEN)
    assert (Enquiry.objects.get().status, kept(), EnquiryEvent.objects.count()) == ("new", [], 0)
