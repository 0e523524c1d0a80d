"""Several enquiries at once: each is changed, and on record, one by one; what has to be looked at is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from contact.admin import bulk
from contact.models import Enquiry, EnquiryEvent, Message
from contact.workflow.updates import update_enquiry
from tests.contact.factories import make_enquiry
from tests.factories import make_person

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


def do(desk: Client, action: str, *chosen: Enquiry, show: str = "all", **more: Any) -> list[str]:
    """Press the button of an action for those ticked; return what the desk then says."""
    posted = {"action": action, "index": "0", "_selected_action": [tick(enquiry) for enquiry in chosen]} | more
    response = desk.post(f"{LIST}?show={show}", posted, follow=True)
    assert response.redirect_chain == [(f"{LIST}?show={show}", 302)]
    return [str(message) for message in response.context["messages"]]


def tick(enquiry: Enquiry) -> str:
    """Return the tick as the list has it at this moment."""
    return f"{enquiry.pk}:{enquiry.revision}"


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
def test_several_are_changed_at_once_and_each_is_on_record(desk: Client, action: str, before: str, after: str) -> None:
    chosen = [make_enquiry(status=before), make_enquiry(status=before)]
    left = make_enquiry(status=before)
    do(desk, action, *chosen)
    stored = {enquiry.pk: (enquiry.status, enquiry.revision) for enquiry in Enquiry.objects.all()}
    assert stored == {**{enquiry.pk: (after, 1) for enquiry in chosen}, left.pk: (before, 0)}
    references = {enquiry.reference for enquiry in chosen}
    changes = EnquiryEvent.objects.filter(kind="changed", actor_name="reception")
    assert set(changes.values_list("reference", flat=True)) == references
    assert {entry.object_repr for entry in LogEntry.objects.all()} == references


def test_enquiries_are_taken_on(desk: Client, receptionist: User) -> None:
    said = do(desk, "assign_to_me", make_enquiry(), make_enquiry())
    assert said == ["2 yours now."]
    assert set(Enquiry.objects.values_list("assigned_to", flat=True)) == {receptionist.pk}


def test_enquiries_are_given_to_a_colleague(desk: Client, manager: User) -> None:
    do(desk, "assign", make_enquiry(), colleague=str(manager.pk))
    assert Enquiry.objects.get().assigned_to == manager


@pytest.mark.parametrize("colleague", ["", "x", "99999", "9" * 5000, "\0"])
def test_without_a_colleague_nothing_is_changed(desk: Client, colleague: str) -> None:
    said = do(desk, "assign", make_enquiry(), colleague=colleague)
    assert said == ["Choose a colleague first. Nothing was changed."]
    assert Enquiry.objects.get().revision == 0


def test_nobody_is_given_an_enquiry_who_may_not_see_it(desk: Client, physio: User) -> None:
    do(desk, "assign", make_enquiry(), colleague=str(physio.pk))
    assert Enquiry.objects.get().assigned_to is None


def test_what_was_no_spam_gets_the_mail_that_was_held(desk: Client) -> None:
    enquiry = make_enquiry(status="suspected_spam", email="sam@example.com")
    do(desk, "mark_not_spam", enquiry, show="suspected")
    assert set(Message.objects.filter(enquiry=enquiry).values_list("kind", flat=True)) == {
        "staff_notification",
        "patient_receipt",
    }


def test_not_spam_leaves_alone_what_was_none(desk: Client) -> None:
    said = do(desk, "mark_not_spam", make_enquiry(status="closed"))
    assert said == [bulk.NOTHING]
    assert (Enquiry.objects.get().status, Message.objects.count()) == ("closed", 0)


def test_a_double_click_changes_nothing_twice(desk: Client) -> None:
    enquiry = make_enquiry()
    do(desk, "mark_answered", enquiry)
    assert do(desk, "mark_answered", enquiry) == [bulk.NOTHING]
    assert Enquiry.objects.get().revision == 1
    assert EnquiryEvent.objects.filter(kind="changed").count() == 1


def test_the_list_posts_what_it_showed(desk: Client) -> None:
    enquiry = make_enquiry(revision=3)
    assert f'value="{enquiry.pk}:3"' in desk.get(LIST).content.decode()


@pytest.mark.parametrize("show", ["waiting", "unassigned"])
def test_what_a_colleague_took_on_meanwhile_stays_theirs(desk: Client, manager: User, show: str) -> None:
    taken, free = make_enquiry(), make_enquiry()
    update_enquiry(Enquiry.objects.get(pk=taken.pk), None, assigned_to=manager)
    said = do(desk, "assign_to_me", taken, free, show=show)
    assert said == ["1 yours now.", bulk.OVERTAKEN.format(taken.reference)]
    taken.refresh_from_db()
    assert taken.assigned_to == manager


def test_what_a_colleague_did_in_the_same_way_is_no_news(desk: Client) -> None:
    enquiry = make_enquiry()
    update_enquiry(Enquiry.objects.get(pk=enquiry.pk), None, status="answered")
    assert do(desk, "mark_answered", enquiry) == [bulk.NOTHING]


def test_one_that_is_deleted_meanwhile_does_not_keep_the_others(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, other = make_enquiry(), make_enquiry()

    def just_deleted(enquiry: Enquiry, *args: Any, **decisions: Any) -> str:
        Enquiry.all_objects.filter(pk=gone.pk).delete()
        return update_enquiry(enquiry, *args, **decisions)

    monkeypatch.setattr(bulk, "update_enquiry", just_deleted)
    assert set(do(desk, "mark_answered", gone, other)) == {"1 answered.", bulk.OVERTAKEN.format(gone.reference)}
    assert Enquiry.objects.get().status == "answered"


def test_whoever_chooses_all_pages_decides_about_those_as_they_are_now(desk: Client, manager: User) -> None:
    on_page, elsewhere = make_enquiry(), make_enquiry()
    for enquiry in (on_page, elsewhere):
        update_enquiry(Enquiry.objects.get(pk=enquiry.pk), None, assigned_to=manager)
    said = do(desk, "mark_answered", on_page, show="waiting", select_across="1")
    assert said == ["1 answered.", bulk.OVERTAKEN.format(on_page.reference)]


@pytest.mark.parametrize("ticked", ["abc", "\0", "", "9" * 5000, "1:abc", "-1", ":", "٣"])
def test_a_tick_that_is_no_number_is_never_an_error(desk: Client, ticked: str) -> None:
    posted = {"action": "mark_closed", "index": "0", "_selected_action": ticked}
    assert desk.post(LIST, posted).status_code == 302
    assert (
        desk.post(reverse("admin:contact_message_changelist"), posted | {"action": "try_again_now"}).status_code == 302
    )


@pytest.mark.parametrize(
    ("action", "fields", "why"),
    [
        ("mark_closed", {"legal_hold": True}, "is on legal hold"),
        ("mark_spam", {"legal_hold": True}, "is on legal hold"),
        ("mark_spam", {"red_flags": ["Chest pain"]}, "has a warning sign"),
    ],
)
def test_what_has_to_be_looked_at_is_left_and_said(desk: Client, action: str, fields: dict[str, Any], why: str) -> None:
    left = make_enquiry(**fields)
    other = make_enquiry()
    said = do(desk, action, left, other)
    assert f"{left.reference} {why}: open it and decide there." in said
    left.refresh_from_db()
    other.refresh_from_db()
    assert left.status == "new"
    assert other.status != "new"


def test_more_than_anybody_looks_through_is_not_changed_by_one_click(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 1)
    assert do(desk, "mark_spam", make_enquiry(), make_enquiry()) == ["At most 1 at once. Nothing was changed."]
    assert set(Enquiry.objects.values_list("status", flat=True)) == {"new"}


def test_all_of_a_list_are_changed_where_that_was_asked(desk: Client) -> None:
    for _ in range(30):
        make_enquiry(status="suspected_spam")
    waiting = make_enquiry()
    assert desk.get(LIST, {"show": "suspected"}).context["selectable"] == 30
    do(desk, "mark_spam", Enquiry.objects.earliest("pk"), show="suspected", select_across="1")
    assert list(Enquiry.objects.exclude(status="spam")) == [waiting]


def test_nothing_ticked_is_said(desk: Client) -> None:
    make_enquiry()
    assert any("must be selected" in words for words in do(desk, "mark_closed"))


def test_each_list_offers_what_makes_sense_there(desk: Client) -> None:
    for status in ("new", "suspected_spam", "answered", "spam"):
        make_enquiry(status=status)
    offered = {
        show: [name for name, _label in desk.get(LIST, {"show": show}).context["bulk"]]
        for show in ("waiting", "suspected", "answered", "spam")
    }
    assert offered == {
        "waiting": ["assign_to_me", "assign", "mark_answered", "mark_closed", "mark_spam"],
        "suspected": ["mark_not_spam", "mark_spam"],
        "answered": ["mark_in_progress", "mark_closed"],
        "spam": ["mark_not_spam"],
    }
    html = desk.get(LIST, {"show": "suspected"}).content.decode()
    assert 'name="action" value="mark_not_spam"' in html
    assert 'value="assign_to_me"' not in html


@pytest.mark.parametrize("role", ["Physiotherapists", ""])
def test_nobody_else_changes_anything(client: Client, role: str) -> None:
    enquiry = make_enquiry()
    client.force_login(make_person(role))
    posted = {"action": "mark_closed", "index": "0", "_selected_action": [enquiry.pk]}
    assert client.post(LIST, posted).status_code == 403
    assert Enquiry.objects.get().status == "new"


def test_who_is_not_signed_in_changes_nothing(client: Client) -> None:
    enquiry = make_enquiry()
    posted = {"action": "mark_closed", "index": "0", "_selected_action": [enquiry.pk]}
    assert client.post(LIST, posted).status_code == 302
    assert Enquiry.objects.get().status == "new"


def test_nobody_deletes_any(client: Client, manager: User) -> None:
    enquiry = make_enquiry()
    client.force_login(manager)
    client.post(LIST, {"action": "delete_selected", "_selected_action": [enquiry.pk], "post": "yes", "index": "0"})
    assert Enquiry.objects.exists()
