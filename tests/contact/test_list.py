"""The list at the desk: quick filters, search, one glance a line, and one record of who was seen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from contact.admin.people import name_of, names_of_colleagues
from contact.admin.tabs import TABS
from contact.models import Enquiry, EnquiryEvent
from contact.workflow.updates import colleagues
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from contact.admin.tabs import Tab

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


def shown(desk: Client, **query: str) -> list[Enquiry]:
    return list(desk.get(LIST, query).context["cl"].result_list)


def html_of(desk: Client, **query: str) -> str:
    return desk.get(LIST, query).content.decode()


def test_it_opens_with_those_who_wait_the_longest_first_and_warning_signs_before_them(desk: Client) -> None:
    make_enquiry(status="answered")
    make_enquiry(status="suspected_spam")
    new = make_enquiry(received_at=hours_ago(1))
    oldest = make_enquiry(received_at=hours_ago(76.5), status="in_progress")
    flagged = make_enquiry(received_at=hours_ago(0.5), red_flags=["Chest pain"])
    assert shown(desk) == [flagged, oldest, new]


@pytest.fixture
def one_of_each(receptionist: User) -> dict[str, Enquiry]:
    """An enquiry for each quick filter, by its name; those that wait are colleagues' where nothing else is said."""
    colleague = make_person("Managers", "colleague")
    later, earlier = timezone.now() + timedelta(hours=1), hours_ago(1)
    enquiries = {
        "overdue": make_enquiry(due_at=earlier, assigned_to=colleague),
        "mine": make_enquiry(due_at=later, assigned_to=receptionist),
        "unassigned": make_enquiry(due_at=later),
        "flagged": make_enquiry(due_at=later, assigned_to=colleague, red_flags=["Stroke"]),
        "undelivered": make_enquiry(due_at=later, assigned_to=colleague),
        "suspected": make_enquiry(status="suspected_spam", due_at=earlier),
        "answered": make_enquiry(status="answered", due_at=earlier, assigned_to=receptionist),
        "closed": make_enquiry(status="closed", red_flags=["Stroke"]),
        "spam": make_enquiry(status="spam", red_flags=["Stroke"]),
    }
    make_message(enquiry=enquiries["undelivered"], kind="patient_receipt", sent_at=earlier, bounced_at=earlier)
    make_message(enquiry=enquiries["closed"], kind="patient_receipt", sent_at=earlier, bounced_at=earlier)
    return enquiries


@pytest.mark.parametrize(
    "show", ["overdue", "mine", "unassigned", "flagged", "undelivered", "suspected", "answered", "closed", "spam"]
)
def test_each_quick_filter_shows_its_own(desk: Client, one_of_each: dict[str, Enquiry], show: str) -> None:
    assert shown(desk, show=show) == [one_of_each[show]]


def test_all_shows_all_and_waiting_those_who_wait(desk: Client, one_of_each: dict[str, Enquiry]) -> None:
    assert len(shown(desk, show="all")) == len(one_of_each)
    waiting = {"overdue", "mine", "unassigned", "flagged", "undelivered"}
    assert set(shown(desk)) == {one_of_each[name] for name in waiting}


def test_a_warning_sign_counts_also_where_the_rest_looks_like_spam(desk: Client) -> None:
    suspect = make_enquiry(status="suspected_spam", red_flags=["Chest pain"])
    assert shown(desk, show="flagged") == [suspect]


def test_the_quick_filters_say_how_many_and_only_what_needs_somebody_is_red(
    desk: Client, one_of_each: dict[str, Enquiry]
) -> None:
    links = {link["slug"]: link for link in desk.get(LIST).context["tabs"]}
    counted = {slug: link["count"] for slug, link in links.items() if link["count"]}
    assert counted == {
        "waiting": 5, "overdue": 1, "mine": 1, "unassigned": 1, "flagged": 1, "undelivered": 1, "suspected": 1,
    }  # fmt: skip
    assert {slug for slug, link in links.items() if link["is_urgent"]} == {"overdue", "flagged", "undelivered"}


def test_the_newest_come_first_among_those_that_are_done(desk: Client) -> None:
    earlier = make_enquiry(status="closed", received_at=hours_ago(50))
    later = make_enquiry(status="closed", received_at=hours_ago(2))
    assert shown(desk, show="closed") == [later, earlier]


def test_a_line_says_who_about_what_how_and_by_when(desk: Client, receptionist: User) -> None:
    receptionist.first_name, receptionist.last_name = "Ada", "Desk"
    receptionist.save()
    make_enquiry(
        name="Zoë O’Brien", phone="867-555-0142", email="zoe@example.com", preferred_contact="phone",
        best_time="morning", voicemail_ok=True, topic="fees", about_title="IMS", assigned_to=receptionist,
        masked=["a health-card number"], legal_hold=True, honeypot_filled=True, headers_missing=True,
        due_at=timezone.now() + timedelta(days=40),
    )  # fmt: skip
    row = desk.get(LIST).context["rows"][0]
    assert [(way.typed, way.address.partition(":")[0]) for way in row.ways] == [
        ("867-555-0142", "tel"),
        ("zoe@example.com", "mailto"),
    ]
    assert row.reach_note == "morning (before 11 a.m.), voicemail ok"
    assert (row.topic, row.page, row.assignee, row.is_mine) == ("Fees and insurance", "IMS", "Ada Desk", True)
    assert [flag.text for flag in row.flags] == [
        "hidden field filled in", "browser untold", "hidden: a health-card number", "legal hold",
    ]  # fmt: skip
    assert {flag.kind for flag in row.flags} == {"odd", "kept"}
    html = html_of(desk)
    for words in ("Zoë O’Brien", "tel:+18675550142", "Ada Desk", "legal hold"):
        assert words in html


def test_what_is_overdue_says_by_how_much_and_is_calm_once_answered(desk: Client) -> None:
    enquiry = make_enquiry(received_at=hours_ago(24 * 9), due_at=hours_ago(24 * 7))
    row = desk.get(LIST).context["rows"][0]
    assert row.due.startswith("overdue ")
    assert row.is_overdue
    Enquiry.objects.filter(pk=enquiry.pk).update(status="answered", answered_at=timezone.now())
    row = desk.get(LIST, {"show": "answered"}).context["rows"][0]
    assert row.due.startswith("after ")
    assert not row.is_overdue


def test_warning_signs_come_first_and_are_no_longer_red_when_it_is_closed(desk: Client) -> None:
    enquiry = make_enquiry(red_flags=["Chest pain"], legal_hold=True)
    flags = desk.get(LIST).context["rows"][0].flags
    assert [(flag.text, flag.kind) for flag in flags] == [("Chest pain", "now"), ("legal hold", "kept")]
    Enquiry.objects.filter(pk=enquiry.pk).update(status="closed")
    flags = desk.get(LIST, {"show": "closed"}).context["rows"][0].flags
    assert {flag.kind for flag in flags} == {"kept"}


def test_the_reasons_of_a_suspicion_stand_beside_it(desk: Client) -> None:
    make_enquiry(status="suspected_spam", screening_reasons=["3 links", "known phrase"])
    assert [flag.text for flag in desk.get(LIST, {"show": "suspected"}).context["rows"][0].flags] == [
        "3 links",
        "known phrase",
    ]


def test_what_a_patient_typed_is_text_and_nothing_else(desk: Client) -> None:
    make_enquiry(name="<script>alert(1)</script>", phone="<em>1", email="", about_title="<i>")
    html = html_of(desk)
    assert not [typed for typed in ("<script>alert(1)", "<em>1", "<i>") if typed in html]


def test_a_page_holds_25_and_says_what_follows(desk: Client) -> None:
    for number in range(30):
        make_enquiry(received_at=hours_ago(100 - number))
    first = desk.get(LIST).context
    assert (len(first["rows"]), first["shown"], first["total"]) == (25, (1, 25), 30)
    second = desk.get(f"{LIST}{first['next_page']}").context
    assert (len(second["rows"]), second["shown"], second["next_page"]) == (5, (26, 30), "")
    assert desk.get(f"{LIST}{second['previous_page']}").context["rows"][0] == first["rows"][0]


def test_the_list_takes_the_same_few_queries_however_long_it_is(
    desk: Client, receptionist: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        enquiry = make_enquiry(assigned_to=receptionist, red_flags=["Stroke"] if number % 2 else [])
        make_message(enquiry=enquiry, is_refused=True)
    desk.get(LIST)  # makes the clinic's details
    for tab in TABS:
        with django_assert_max_num_queries(20):
            desk.get(LIST, {"show": tab.slug})
    with django_assert_max_num_queries(20):
        desk.get(LIST, {"q": "sam"})


def test_who_has_left_is_still_named_and_asked_for_only_once(
    desk: Client, manager: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        gone = make_person("Managers", f"gone{number}")
        make_enquiry(assigned_to=gone)
        gone.is_active = False
        gone.save()
    desk.get(LIST)  # makes the clinic's details
    with django_assert_max_num_queries(20):
        rows = desk.get(LIST).context["rows"]
    assert {row.assignee for row in rows} == {f"gone{number}" for number in range(20)}


def test_those_who_may_answer_are_offered_as_colleagues(desk: Client, receptionist: User, manager: User) -> None:
    make_person("Physiotherapists")
    make_person("Reception", "gone").delete()
    named = make_person("", "superuser")
    named.is_superuser, named.first_name, named.last_name = True, "Ada", "Admin"
    named.save()
    offered = names_of_colleagues()
    assert offered == {person.pk: name_of(person) for person in colleagues()}
    assert list(offered.values()) == ["managers", "reception", "Ada Admin"]


def test_a_list_that_was_seen_is_one_event_with_all_who_stood_there(desk: Client) -> None:
    references = {make_enquiry(name="Robin Rare").reference for _ in range(3)}
    desk.get(LIST, {"q": "robin"})
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.actor_name, event.reference) == ("listed", "reception", "")
    assert set(event.references.split()) == references
    assert event.detail == "All, searched"


def test_a_list_without_anybody_leaves_no_record(desk: Client) -> None:
    desk.get(LIST)
    assert not EnquiryEvent.objects.exists()


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.slug)
def test_each_empty_list_says_so(desk: Client, tab: Tab) -> None:
    assert tab.empty in html_of(desk, show=tab.slug)


@pytest.mark.parametrize(
    ("role", "status"), [("Reception", 200), ("Managers", 200), ("Physiotherapists", 403), ("", 403)]
)
def test_each_list_is_for_those_who_answer(client: Client, role: str, status: int) -> None:
    make_enquiry()
    client.force_login(make_person(role))
    answers = [client.get(LIST, {"show": tab.slug}) for tab in TABS]
    assert {answer.status_code for answer in answers} == {status}
    assert EnquiryEvent.objects.exists() is (status == 200)


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    response = client.get(LIST, {"show": "all"})
    assert response.status_code == 302
    assert "login" in response["Location"]
