"""Bulk actions: each enquiry is changed and recorded by itself; some have to be opened first."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from contact.admin import actions
from contact.models import Enquiry, EnquiryEvent, Message
from contact.workflow.updates import update_enquiry
from tests.contact.factories import make_enquiry, make_message

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


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


def left_alone(enquiry: Enquiry) -> str:
    return f"{enquiry} {actions.CHANGED_MEANWHILE}: open it and decide there."


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
def test_several_are_changed_at_once_and_each_change_is_recorded(
    desk: Client, action: str, before: str, after: str
) -> None:
    selected = [make_enquiry(status=before), make_enquiry(status=before)]
    other = make_enquiry(status=before)
    do(desk, action, *selected)
    stored = {enquiry.pk: (enquiry.status, enquiry.revision) for enquiry in Enquiry.objects.all()}
    assert stored == {**{enquiry.pk: (after, 1) for enquiry in selected}, other.pk: (before, 0)}
    references = {enquiry.reference for enquiry in selected}
    changes = EnquiryEvent.objects.filter(kind="changed", actor_name="reception")
    assert set(changes.values_list("reference", flat=True)) == references
    assert {entry.object_repr for entry in LogEntry.objects.all()} == references


def test_enquiries_are_assigned_to_oneself_or_to_a_colleague(desk: Client, receptionist: User, manager: User) -> None:
    enquiry = make_enquiry()
    assert do(desk, "assign_to_me", enquiry, make_enquiry()) == ["2 assigned to you."]
    assert set(Enquiry.objects.values_list("assigned_to", flat=True)) == {receptionist.pk}
    enquiry.refresh_from_db()
    do(desk, "assign", enquiry, colleague=str(manager.pk))
    enquiry.refresh_from_db()
    assert enquiry.assigned_to == manager


@pytest.mark.parametrize("colleague", ["", "x", "99999", "9" * 5000, "\0", "physio"])
def test_without_a_colleague_who_may_answer_nothing_is_changed(desk: Client, physio: User, colleague: str) -> None:
    colleague = str(physio.pk) if colleague == "physio" else colleague
    assert do(desk, "assign", make_enquiry(), colleague=colleague) == [
        "Choose a colleague first. Nothing was changed."
    ]  # fmt: skip
    assert (Enquiry.objects.get().assigned_to, Enquiry.objects.get().revision) == (None, 0)


def test_a_double_click_changes_nothing_twice(desk: Client) -> None:
    enquiry = make_enquiry()
    do(desk, "mark_answered", enquiry)
    assert do(desk, "mark_answered", enquiry) == [actions.NOTHING_CHANGED]
    enquiry.refresh_from_db()
    assert do(desk, "mark_not_spam", enquiry) == [actions.NOTHING_CHANGED], "it was not spam"
    assert Enquiry.objects.get().revision == 1
    assert EnquiryEvent.objects.filter(kind="changed").count() == 1


@pytest.mark.parametrize("show", ["waiting", "unassigned"])
def test_enquiries_changed_by_a_colleague_are_skipped_and_named(desk: Client, manager: User, show: str) -> None:
    taken, free = make_enquiry(revision=3), make_enquiry()
    assert f'value="{free.pk}:0 {taken.pk}:3' in desk.get(LIST, {"show": "all"}).content.decode()
    update_enquiry(Enquiry.objects.get(pk=taken.pk), None, assigned_to=manager)
    messages = do(desk, "assign_to_me", taken, free, show=show)
    assert messages == ["1 assigned to you.", left_alone(taken)]
    taken.refresh_from_db()
    assert taken.assigned_to == manager


def test_selecting_all_pages_changes_the_whole_queue_as_it_is_now(desk: Client, manager: User) -> None:
    on_page, *others = (make_enquiry(status="suspected_spam") for _ in range(30))
    waiting = make_enquiry()
    for enquiry in (on_page, others[0]):
        update_enquiry(Enquiry.objects.get(pk=enquiry.pk), None, assigned_to=manager)
    messages = do(desk, "mark_spam", on_page, show="suspected", select_across="1")
    assert messages == ["29 marked as spam.", left_alone(on_page)]
    assert set(Enquiry.objects.exclude(status="spam")) == {waiting, on_page}


@pytest.mark.parametrize(
    ("action", "fields", "reason"),
    [
        ("mark_closed", {"legal_hold": True}, "is on legal hold"),
        ("mark_spam", {"legal_hold": True}, "is on legal hold"),
        ("mark_spam", {"red_flags": ["Chest pain"]}, "has a warning sign"),
    ],
)
def test_enquiries_on_legal_hold_or_with_a_warning_sign_are_skipped(
    desk: Client, action: str, fields: dict[str, Any], reason: str
) -> None:
    left, other = make_enquiry(**fields), make_enquiry()
    assert f"{left.reference} {reason}: open it and decide there." in do(desk, action, left, other)
    left.refresh_from_db()
    other.refresh_from_db()
    assert left.status == "new"
    assert other.status != "new"


def test_no_more_than_the_limit_are_changed_at_once(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_AT_ONCE", 1)
    messages = do(desk, "mark_spam", make_enquiry(), make_enquiry())
    assert messages == ["Select at most 1 at a time. Nothing was changed."]
    assert set(Enquiry.objects.values_list("status", flat=True)) == {"new"}


def test_mail_that_was_held_back_goes_out_once(desk: Client) -> None:
    suspected, known = make_enquiry(status="suspected_spam"), make_enquiry(email="known@example.com")
    of_a_burst = make_enquiry(is_receipt_held=True, email="kim@example.com")
    for enquiry in (known, of_a_burst):
        make_message(enquiry=enquiry)
    update_enquiry(known, None, status="spam")
    messages = do(desk, "mark_not_spam", suspected, known, of_a_burst, make_enquiry())
    assert messages == ["3 not spam; any mail held back for a waiting patient goes out now."]
    for held in (suspected, of_a_burst):
        kinds = set(Message.objects.filter(enquiry=held).values_list("kind", flat=True))
        assert kinds == {"staff_notification", "patient_receipt"}
    assert set(Enquiry.objects.values_list("status", "is_receipt_held")) == {("new", False)}


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


@pytest.mark.parametrize("selected", ["abc", "\0", "", "9" * 5000, "1:abc", "-1", ":", "٣"])
def test_an_invalid_selection_is_not_an_error(desk: Client, selected: str) -> None:
    posted = {"action": "mark_closed", "index": "0", "_selected_action": selected, "revisions": selected}
    posted["confirmed"] = "yes"
    assert desk.post(LIST, posted).status_code == 302
    outbox = reverse("admin:contact_message_changelist")
    assert desk.post(outbox, posted | {"action": "try_again_now"}).status_code == 302


@pytest.mark.parametrize(("show", "leaves"), [("suspected", "“Suspected spam”"), ("waiting", "the waiting list")])
def test_the_question_names_the_list_that_the_enquiries_leave(desk: Client, show: str, leaves: str) -> None:
    enquiry = make_enquiry(status="suspected_spam" if show == "suspected" else "new")
    posted = {"action": "mark_spam", "_selected_action": [enquiry.pk]}
    assert f"1 enquiry will leave {leaves}." in desk.post(f"{LIST}?show={show}", posted).content.decode()
    make_enquiry(status=enquiry.status)
    page = desk.post(f"{LIST}?show={show}", posted | {"select_across": "1"})
    assert f"2 enquiries will leave {leaves}." in page.content.decode(), "of all pages"
