"""Bulk actions: each enquiry is changed and recorded by itself; some have to be opened first."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.admin import actions
from contact.models import Enquiry, EnquiryEvent
from contact.workflow.updates import update_enquiry
from tests.contact.admin.enquiry_page import LIST, stored
from tests.contact.factories import make_enquiry


def press_action(desk: Client, action: str, *selected: Enquiry, show: str = "all", **more: Any) -> Any:
    """Press an action's button with these selected, as they are now; return the next page."""
    posted = {
        "action": action,
        "index": "0",
        "_selected_action": [enquiry.pk for enquiry in selected],
        "revisions": " ".join(f"{enquiry.pk}:{enquiry.revision}" for enquiry in selected),
    }
    response = desk.post(f"{LIST}?show={show}", {"confirmed": "yes"} | posted | more, follow=True)
    assert response.redirect_chain == [(f"{LIST}?show={show}", 302)]
    return response


def do(desk: Client, action: str, *selected: Enquiry, **more: Any) -> list[str]:
    """Press an action's button; return the messages on the next page."""
    response = press_action(desk, action, *selected, **more)
    return [str(message).partition("<form")[0].strip() for message in response.context["messages"]]


def left_alone(enquiry: Enquiry, reason: str = actions.CHANGED_MEANWHILE) -> str:
    return f"{enquiry} {reason}: open it and decide there."


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("mark_in_progress", "answered", "in_progress"),
        ("mark_answered", "new", "answered"),
        ("mark_closed", "answered", "closed"),
        ("mark_spam", "suspected_spam", "spam"),
        ("mark_not_spam", "suspected_spam", "new"),
        ("mark_not_spam", "spam", "new"),
    ],
)
def test_several_are_changed_at_once_and_each_is_recorded(desk: Client, action: str, before: str, after: str) -> None:
    selected = [make_enquiry(status=before), make_enquiry(status=before)]
    other = make_enquiry(status=before)
    do(desk, action, *selected)
    stored = {enquiry.pk: (enquiry.status, enquiry.revision) for enquiry in Enquiry.objects.all()}
    assert stored == {**{enquiry.pk: (after, 1) for enquiry in selected}, other.pk: (before, 0)}
    references = {enquiry.reference for enquiry in selected}
    changes = EnquiryEvent.objects.filter(kind="changed", actor_name="reception")
    assert set(changes.values_list("reference", flat=True)) == references
    assert {entry.object_repr for entry in LogEntry.objects.all()} == references


def test_only_those_who_may_answer_are_assigned(desk: Client, receptionist: User, manager: User, physio: User) -> None:
    enquiry = make_enquiry()
    for colleague in ("", "x", "99999", "9" * 5000, "\0", str(physio.pk)):
        assert do(desk, "assign", enquiry, colleague=colleague) == ["Choose a colleague first. Nothing was changed."]
    assert stored(enquiry, "assigned_to", "revision") == [None, 0]
    assert do(desk, "assign_to_me", enquiry, make_enquiry()) == ["2 assigned to you."]
    assert set(Enquiry.objects.values_list("assigned_to", flat=True)) == {receptionist.pk}
    enquiry.refresh_from_db()
    do(desk, "assign", enquiry, colleague=str(manager.pk))
    assert stored(enquiry, "assigned_to") == [manager]


def test_a_double_click_changes_nothing_twice(desk: Client) -> None:
    enquiry = make_enquiry()
    do(desk, "mark_answered", enquiry)
    assert do(desk, "mark_answered", enquiry) == [actions.NOTHING_CHANGED]
    enquiry.refresh_from_db()
    assert do(desk, "mark_not_spam", enquiry) == [actions.NOTHING_CHANGED], "it was not spam"
    assert Enquiry.objects.get().revision == 1
    assert EnquiryEvent.objects.filter(kind="changed").count() == 1


def test_enquiries_changed_by_a_colleague_are_skipped_and_named(desk: Client, manager: User) -> None:
    taken, free = make_enquiry(revision=3), make_enquiry()
    assert f'value="{free.pk}:0 {taken.pk}:3' in desk.get(LIST, {"show": "all"}).content.decode()
    update_enquiry(Enquiry.objects.get(pk=taken.pk), None, assigned_to=manager)
    messages = do(desk, "assign_to_me", taken, free, show="unassigned")  # which `taken` has left
    assert messages == ["1 assigned to you.", left_alone(taken)]
    assert stored(taken, "assigned_to") == [manager]


def test_selecting_all_pages_changes_the_whole_queue_as_it_is_now(desk: Client, manager: User) -> None:
    on_page, *others = (make_enquiry(status="suspected_spam") for _ in range(30))
    waiting = make_enquiry()
    for enquiry in (on_page, others[0]):
        update_enquiry(Enquiry.objects.get(pk=enquiry.pk), None, assigned_to=manager)
    messages = do(desk, "mark_spam", on_page, show="suspected", select_across="1")
    assert messages == ["29 marked as spam.", left_alone(on_page)]
    assert set(Enquiry.objects.exclude(status="spam")) == {waiting, on_page}


def test_legal_holds_and_warning_signs_are_skipped(desk: Client) -> None:
    held, flagged, other = make_enquiry(legal_hold=True), make_enquiry(red_flags=["Chest pain"]), make_enquiry()
    assert left_alone(held, "is on legal hold") in do(desk, "mark_closed", held)
    messages = do(desk, "mark_spam", held, flagged, other)
    assert {left_alone(held, "is on legal hold"), left_alone(flagged, "has a warning sign")} < set(messages)
    assert set(Enquiry.objects.filter(status="new")) == {held, flagged}


def test_each_queue_offers_its_own_actions(desk: Client) -> None:
    for status in ("new", "suspected_spam", "answered", "spam"):
        make_enquiry(status=status)
    expected = {
        "waiting": ["assign_to_me", "assign", "mark_answered", "mark_closed", "mark_spam", "mark_not_spam"],
        "suspected": ["mark_not_spam", "mark_spam"],
        "answered": ["mark_in_progress", "mark_closed"],
        "spam": ["mark_not_spam"],
    }
    for queue, names in expected.items():
        html = desk.get(LIST, {"show": queue}).content.decode()
        buttons = html.split('name="action" value="')[1:]
        assert [button.partition('"')[0] for button in buttons] == names
        without_colleague = [button for button in buttons if not button.startswith('assign"')]
        assert all(button.partition(">")[0].endswith("formnovalidate") for button in without_colleague)
    assert "must be selected" in " ".join(do(desk, "mark_closed", show="waiting"))


def test_an_invalid_selection_is_not_an_error(desk: Client) -> None:
    desk.raise_request_exception = False  # so that a failure names what was selected
    for selected in ("abc", "\0", "", "9" * 5000, "1:abc", "-1", ":", "٣"):
        posted = {"index": "0", "_selected_action": selected, "revisions": selected, "confirmed": "yes"}
        for address, action in ((LIST, "mark_closed"), (reverse("admin:contact_message_changelist"), "try_again_now")):
            assert desk.post(address, posted | {"action": action}).status_code == 302, selected


def test_a_question_names_the_list_that_the_enquiries_leave_before_anything_is_changed(desk: Client) -> None:
    suspected, _other = (make_enquiry(status="suspected_spam") for _ in range(2))
    for selected, show, asked in (
        ({"_selected_action": make_enquiry().pk}, "waiting", "1 enquiry will leave the waiting list."),
        ({"_selected_action": suspected.pk, "select_across": "1"}, "suspected", "2 enquiries will leave “Suspected"),
    ):
        page = desk.post(f"{LIST}?show={show}", {"action": "mark_spam"} | selected)
        assert asked in page.content.decode()
    assert not EnquiryEvent.objects.filter(kind="changed").exists()


def undo(desk: Client, page: str) -> list[str]:
    """Press the first *Undo* on a page; return the messages on the next."""
    button = re.search(r'<form class="undo" method="post" action="([^"]+)"', page)
    assert button
    return [str(message) for message in desk.post(button[1], follow=True).context["messages"]]


def test_a_bulk_change_is_undone_unless_changed_since(desk: Client, mos_desk: Client, mo: User) -> None:
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
    restored = stored(planned, "status", "follow_up_at", "follow_up_reason", "closed_at")
    assert restored == ["new", again, "voicemail left", None]
    assert stored(mine, "status") == ["in_progress"]
    assert stored(theirs, "status", "assigned_to") == ["in_progress", mo]
    page = press_action(desk, "assign_to_me", theirs := Enquiry.objects.get(pk=theirs.pk)).content.decode()
    assert stored(theirs, "assigned_to") != [mo]
    undo(desk, page)
    assert stored(theirs, "assigned_to") == [mo]


def test_only_ones_own_changes_of_the_last_hour_are_undone(desk: Client, mos_desk: Client) -> None:
    enquiry = make_enquiry()
    page = press_action(desk, "mark_closed", enquiry).content.decode()
    assert "Not undone" in undo(mos_desk, page)[0]
    with patch("contact.workflow.updates.UNDO_WITHIN", timedelta()):
        assert "Not undone" in undo(desk, page)[0]
    assert stored(enquiry, "status") == ["closed"]
