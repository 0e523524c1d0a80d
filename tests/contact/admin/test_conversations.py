"""A day at the desk: urgent enquiries, several of one person, a colleague who leaves, and what is undone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.models import Alarm, DeskSettings, Enquiry, EnquiryEvent, Entry, Message
from contact.monitoring import alarms
from tests.contact.admin.enquiry_page import address_of, press, sent_by
from tests.contact.admin.test_actions import do, press_action
from tests.contact.factories import hours_ago, make_enquiry

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


def undo(desk: Client, page: str) -> list[str]:
    """Press the first *Undo* on a page; return the messages on the next."""
    button = re.search(r'<form class="undo" method="post" action="([^"]+)"', page)
    assert button
    return [str(message) for message in desk.post(button[1], follow=True).context["messages"]]


def stored(enquiry: Enquiry, *names: str) -> list[Any]:
    return [getattr(Enquiry.objects.get(pk=enquiry.pk), name) for name in names]


def test_a_bulk_change_is_undone_unless_changed_since(
    desk: Client, mos_desk: Client, mo: User, receptionist: User
) -> None:
    again = timezone.now() + timedelta(hours=2)
    planned = make_enquiry(follow_up_at=again, follow_up_reason="voicemail left")
    theirs, mine = make_enquiry(assigned_to=mo), make_enquiry(status="in_progress")
    page = press_action(desk, "mark_closed", planned, theirs, mine).content.decode()
    assert "?_changelist_filters=show%3Dall" in page  # where the button leads back to
    assert stored(planned, "status", "follow_up_at") == ["closed", None]
    theirs.refresh_from_db()
    do(mos_desk, "mark_in_progress", theirs)
    said = undo(desk, page)
    assert said[0] == "Undone: 2."
    assert "because it was changed since" in said[1]
    assert stored(planned, "status", "follow_up_at", "follow_up_reason", "closed_at") == [
        "new", again, "voicemail left", None,
    ]  # fmt: skip
    assert stored(mine, "status") == ["in_progress"]
    assert stored(theirs, "status", "assigned_to") == ["in_progress", mo]
    page = press_action(desk, "assign_to_me", theirs := Enquiry.objects.get(pk=theirs.pk)).content.decode()
    assert stored(theirs, "assigned_to") == [receptionist]
    undo(desk, page)
    assert stored(theirs, "assigned_to") == [mo]


def test_only_ones_own_changes_of_the_last_hour_are_undone(
    desk: Client, mos_desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    enquiry = make_enquiry()
    page = press_action(desk, "mark_closed", enquiry).content.decode()
    assert "Not undone" in undo(mos_desk, page)[0]
    monkeypatch.setattr("contact.workflow.updates.UNDO_WITHIN", timedelta())
    assert "Not undone" in undo(desk, page)[0]
    assert stored(enquiry, "status") == ["closed"]


def test_an_urgent_enquiry_alarms_the_second_channel_until_someone_opens_it(desk: Client) -> None:
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "oncall@example.org"})
    due = hours_ago(0.1)
    first = make_enquiry(name="Robin Rare", red_flags=["Chest pain"], due_at=due)
    make_enquiry(red_flags=["Chest pain"], due_at=timezone.now() + timedelta(minutes=20))
    make_enquiry(due_at=due)
    for _ in range(2):
        alarms.check_alarms()
    (sent,) = mail.outbox
    assert sent.to == ["oncall@example.org"]
    assert f"Please look now: {first.reference}." in str(sent.body)
    assert not re.search("Robin|chest|pain", f"{sent.subject} {sent.body}", re.IGNORECASE)
    second = make_enquiry(red_flags=["Stroke"], due_at=due)
    alarms.check_alarms()
    assert second.reference in str(mail.outbox[1].body), "each further one is a new alarm"
    for enquiry in (first, second):
        desk.get(address_of(enquiry))
    alarms.check_alarms()
    assert not Alarm.objects.filter(ended_at=None).exists()
    assert "Over: " in mail.outbox[2].subject


def test_seen_not_urgent_takes_one_click_and_the_ordinary_time_counts_from_then_on(desk: Client) -> None:
    due = timezone.now() + timedelta(minutes=20)
    enquiry = make_enquiry(red_flags=["Chest pain"], due_at=due, promised_at=due, received_at=hours_ago(1))
    waits_longer = make_enquiry(received_at=hours_ago(9))
    assert list(desk.get(LIST).context["cl"].result_list) == [enquiry, waits_longer]
    desk.post(address_of(enquiry, "seen"), {"seen": "0"})
    assert list(desk.get(LIST).context["cl"].result_list) == [waits_longer, enquiry]
    assert list(desk.get(LIST, {"show": "flagged"}).context["cl"].result_list) == []
    enquiry.refresh_from_db()
    assert enquiry.due_at
    assert enquiry.due_at > due
    assert enquiry.status == "new"
    assert "Seen, not urgent" not in desk.get(address_of(enquiry)).content.decode()


def test_a_call_answers_all_chosen_enquiries_of_a_person_each_on_record(desk: Client, receptionist: User) -> None:
    first = make_enquiry(email="Sam+clinic@gmail.com", phone="")
    second = make_enquiry(email="sam@gmail.com", phone="867-555-0142", status="in_progress")
    left_out = make_enquiry(email="sam@gmail.com", phone="")
    other = make_enquiry(email="kim@example.com", phone="867-555-0199")
    page = desk.get(address_of(first)).content.decode()
    assert all(one.reference in page for one in (second, left_out))
    assert other.reference not in page
    press(desk, first, "_call", call_outcome="reached_answered", together=[str(second.pk), str(other.pk)])
    assert [stored(one, "status")[0] for one in (first, second, left_out, other)] == [
        "answered", "answered", "new", "new",
    ]  # fmt: skip
    assert stored(second, "assigned_to") == [receptionist]
    assert {*Entry.objects.filter(enquiry=second).values_list("kind", flat=True)} == {"call", "note"}
    kinds = EnquiryEvent.objects.filter(reference=second.reference).values_list("kind", flat=True)
    assert {"called", "changed", "noted"} <= {*kinds}


def test_one_reply_answers_all_chosen_enquiries_of_a_person(desk: Client) -> None:
    first, second = make_enquiry(), make_enquiry(phone="")
    form = sent_by(desk.get(address_of(first, "reply")).context["form"])
    desk.post(address_of(first, "reply"), form | {"text": "We will call you.", "together": [str(second.pk)]})
    assert [stored(one, "status")[0] for one in (first, second)] == ["answered", "answered"]
    assert Message.objects.filter(kind="reply").count() == 1
    note = Entry.objects.get(enquiry=second, kind="note")
    assert first.reference in note.text


@pytest.mark.parametrize("is_taken_over", [True, False])
def test_deactivating_a_colleague_asks_who_takes_over_and_none_falls_between_lists(
    as_manager: Client, receptionist: User, mo: User, is_taken_over: bool
) -> None:
    waiting, suspected = make_enquiry(assigned_to=mo), make_enquiry(assigned_to=mo, status="suspected_spam")
    done = make_enquiry(assigned_to=mo, status="answered")
    address = reverse("wagtailusers_users:edit", args=[mo.pk])
    answers = {
        "username": mo.username, "email": mo.email, "first_name": "Mo", "last_name": "Muster",
        "groups": [group.pk for group in mo.groups.all()],
    }  # fmt: skip
    page = as_manager.post(address, answers).content.decode()
    assert "Who takes over from Mo Muster?" in page
    assert "2 open enquiries will go to" in page
    mo.refresh_from_db()
    assert mo.is_active, "nothing has been saved yet"
    as_manager.post(address, answers | {"hand_over_to": str(receptionist.pk) if is_taken_over else ""})
    mo.refresh_from_db()
    assert not mo.is_active
    expected = receptionist if is_taken_over else None
    assert [stored(one, "assigned_to")[0] for one in (waiting, suspected, done)] == [expected, expected, mo]
    assert EnquiryEvent.objects.filter(reference=waiting.reference, kind="changed").exists()


def test_someone_with_open_enquiries_is_not_deactivated_among_others(as_manager: Client, mo: User) -> None:
    make_enquiry(assigned_to=mo)
    address = reverse("wagtail_bulk_action", args=["auth", "user", "set_active_state"])
    answer = as_manager.post(f"{address}?id={mo.pk}", {"mark_as_active": "False"}, follow=True)
    assert "Deactivate Mo Muster on their own page" in answer.content.decode()
    mo.refresh_from_db()
    assert mo.is_active


def test_an_open_list_learns_how_many_enquiries_are_new_in_it(desk: Client) -> None:
    make_enquiry()
    page = desk.get(LIST, {"show": "unassigned"})
    address = re.search(r'data-url="([^"]*/news/[^"]*)"', page.content.decode())
    assert address
    news = address[1].replace("&amp;", "&")
    assert desk.get(news).json() == {"new": 0, "waiting": 1}
    make_enquiry()
    make_enquiry(status="suspected_spam")
    assert desk.get(news).json() == {"new": 1, "waiting": 2}
    assert desk.get(f"{reverse('admin:contact_enquiry_news')}?show=nonsense&after=x").json() == {"new": 2, "waiting": 2}


def test_words_of_notes_calls_and_replies_are_found(desk: Client) -> None:
    enquiry, _other = make_enquiry(message=""), make_enquiry()
    press(desk, enquiry, "_note", note_text="Prefers Friday, née Müller")
    press(desk, enquiry, "_call", call_outcome="reached", call_text="Wheelchair access")
    for words in ("muller", "friday prefers", "wheelchair", f"sam wheel {enquiry.reference}"):
        assert list(desk.get(LIST, {"q": words}).context["cl"].result_list) == [enquiry], words


def test_a_row_says_what_else_the_same_person_sent_and_when(desk: Client) -> None:
    make_enquiry(email="sam@gmail.com", status="answered", received_at=hours_ago(30))
    make_enquiry(email="sam@gmail.com", status="spam")
    make_enquiry(email="kim@example.com", phone_normalised="+18675550199")
    assert "also wrote" not in desk.get(LIST).content.decode()
    make_enquiry(email="S.am@gmail.com", phone="", heard_phone="+18675550199")
    html = desk.get(LIST).content.decode()
    day = f"{timezone.localtime(hours_ago(30)):%b %-d}"
    assert f"also wrote on {timezone.localtime():%b %-d}: New and 1 more" in html
    assert f"also wrote on {timezone.localtime():%b %-d}: New<" in html
    assert f"also wrote on {day}: Answered" not in html, "that one is older than Kim's"
