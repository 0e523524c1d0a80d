"""The list of enquiries: queues, columns, search and filters, and one event for who was seen."""

import csv
import re
import tomllib
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.lib.opening_hours import Schedule
from contact.admin.filters import QUEUES
from contact.intake.promise import ReplyPolicy
from contact.models import Enquiry, EnquiryEvent
from contact.workflow.waiting import waited, when
from tests.contact.admin.enquiry_page import LIST, address_of, press, stored
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person


def listed(desk: Client, **query: str) -> list[Enquiry]:
    return list(desk.get(LIST, query).context["cl"].result_list)


def html_of(desk: Client, **query: str) -> str:
    return desk.get(LIST, query).content.decode()


def column(desk: Client, name: str, **query: str) -> str:
    """Return the HTML of a column's first cell."""
    html = html_of(desk, **query)
    return html[html.index(f'class="field-{name}') :].partition(">")[2].partition("</t")[0]


def test_warning_signs_come_first_then_who_waited_longest_and_finished_ones_newest_first(desk: Client) -> None:
    make_enquiry(status="answered")
    suspected = make_enquiry(status="suspected_spam", red_flags=["Chest pain"])
    new = make_enquiry(received_at=hours_ago(1))
    oldest = make_enquiry(received_at=hours_ago(76.5), status="in_progress")
    flagged = make_enquiry(received_at=hours_ago(0.5), red_flags=["Chest pain"])
    assert listed(desk) == [flagged, oldest, new]
    assert set(listed(desk, show="flagged")) == {flagged, suspected}
    earlier, later = (make_enquiry(status="closed", received_at=hours_ago(hours)) for hours in (50, 2))
    assert listed(desk, show="closed") == [later, earlier]


def test_seen_not_urgent_takes_one_click_and_the_ordinary_time_counts_from_then_on(desk: Client) -> None:
    due = timezone.now() + timedelta(minutes=20)
    enquiry = make_enquiry(red_flags=["Chest pain"], due_at=due, promised_at=due, received_at=hours_ago(1))
    waits_longer = make_enquiry(received_at=hours_ago(9))
    assert listed(desk) == [enquiry, waits_longer]
    desk.post(address_of(enquiry, "seen"), {"seen": "0"})
    assert (listed(desk), listed(desk, show="flagged")) == ([waits_longer, enquiry], [])
    later, status = stored(enquiry, "due_at", "status")
    assert (later > due, status) == (True, "new")
    assert "Seen, not urgent" not in desk.get(address_of(enquiry)).content.decode()


@pytest.fixture
def one_of_each(receptionist: User) -> dict[str, Enquiry]:
    """An enquiry for each queue, by its name."""
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
    for name in ("undelivered", "closed"):
        make_message(enquiry=enquiries[name], kind="patient_receipt", sent_at=earlier, bounced_at=earlier)
    return enquiries


def test_each_queue_holds_its_enquiries_and_its_tab_their_number(desk: Client, one_of_each: dict[str, Enquiry]) -> None:
    for queue, enquiry in one_of_each.items():
        assert listed(desk, show=queue) == [enquiry]
    assert len(listed(desk, show="all")) == len(one_of_each)
    waiting = {"overdue", "mine", "unassigned", "flagged", "undelivered"}
    assert set(listed(desk)) == {one_of_each[name] for name in waiting}
    cl = desk.get(LIST).context["cl"]
    assert {queue.slug: count for queue, count in cl.queues if count} == {
        "waiting": 5, "overdue": 1, "mine": 1, "unassigned": 1, "flagged": 1, "undelivered": 1, "suspected": 1,
    }  # fmt: skip
    html = desk.get(LIST).content.decode()
    assert html.count('<b class="is-urgent">1</b>') == 3
    assert '<a href="?show=waiting" aria-current="page">Waiting <b>5</b></a>' in html


def test_a_row_shows_who_about_what_how_to_reach_them_and_who_answers(desk: Client, receptionist: User) -> None:
    typed, escaped = "<script>\"'&", "&lt;script&gt;&quot;&#x27;&amp;"
    make_enquiry(
        name="Zoë O’Brien", phone="867-555-0142", email="zoe@example.com", preferred_contact="phone",
        best_time="morning", voicemail_ok=True, topic="fees", about_title="IMS", assigned_to=receptionist,
        masked=["a health-card number"], legal_hold=True, honeypot_filled=True, headers_missing=True,
    )  # fmt: skip
    assert "Zoë O’Brien <small>" in column(desk, "who")
    about = column(desk, "about")
    for words in (">IMS<", "hidden field", "removed: a health-card number", "legal hold"):
        assert words in about
    assert "is-now" not in about
    contact = column(desk, "contact")
    assert contact.index('href="tel:+18675550142" class="is-preferred"') < contact.index('href="mailto:zoe@example.com')
    assert "before 11 a.m., voicemail OK" in contact
    assert "You" in column(desk, "assignee")
    Enquiry.objects.update(name=typed, phone=typed, email=typed, about_title=typed, red_flags=[typed])
    html = html_of(desk)
    assert (html.count(escaped) >= 5, typed in html) == (True, False)


FLAGGED = {"red_flags": ["Chest pain"], "legal_hold": True}
YUKON = ZoneInfo("America/Whitehorse")


@pytest.mark.parametrize(
    ("fields", "name", "shown"),
    [
        ({}, "state", '<b>New</b> <strong class="is-overdue">Overdue by '),
        ({"status": "answered"}, "waiting", "after "),
        ({"status": "suspected_spam", "due_at": hours_ago(-48)}, "state", "<b>Suspected spam</b> answer by "),
        ({"status": "suspected_spam", "screening_reasons": ["3 links"]}, "about", '<li class="is-hint">3 links</li>'),
        (FLAGGED, "about", '<li class="is-now">Chest pain</li><li class="is-now">Mail undelivered</li>'),
        (FLAGGED | {"status": "closed"}, "about", '<li class="is-fact">Chest pain</li>'),
        ({"status": "closed"}, "state", f"<b>Closed</b> {when(hours_ago(24 * 30), hours_ago(0))}"),
    ],
)
def test_a_row_shows_how_urgent_it_is_or_its_end(desk: Client, fields: dict[str, Any], name: str, shown: str) -> None:
    times = {"received_at": hours_ago(24 * 40), "due_at": hours_ago(24 * 38)}
    if fields.get("status") not in {None, "suspected_spam"}:
        times |= {"answered_at": hours_ago(24 * 31), "closed_at": hours_ago(24 * 30)}
    make_message(enquiry=make_enquiry(**times | fields), is_refused=True)
    assert shown in column(desk, name, show="all")


def test_waiting_does_not_count_closed_hours_except_with_a_warning_sign() -> None:
    saturday, policy = datetime(2026, 11, 28, 18, 37, tzinfo=YUKON), ReplyPolicy(Schedule(), lambda _year: {})
    for flags, waits in ([], "outside opening hours so far"), (["Chest pain"], "3 h 2 min in total"):
        enquiry = make_enquiry(received_at=saturday - timedelta(minutes=182), red_flags=flags)
        assert waited(enquiry, saturday, policy) == waits


def test_opening_a_list_is_recorded_once_with_everyone_on_the_page_and_all_pages_can_be_selected(desk: Client) -> None:
    references = {make_enquiry(name="Robin Rare").reference for _ in range(26)}
    response = desk.get(LIST, {"q": "robin"})
    event = EnquiryEvent.objects.get()
    assert (event.kind, event.actor_name, event.reference) == ("listed", "reception", "")
    assert len(references - set(event.references.split())) == 1
    assert event.detail == "All, searched"
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert "Select all 26 in “Waiting”" in html_of(desk)


def test_each_empty_list_says_so_and_leaves_no_record(desk: Client) -> None:
    assert [slug for slug, queue in QUEUES.items() if queue.empty not in html_of(desk, show=slug)] == []
    assert not EnquiryEvent.objects.exists()


def test_a_search_covers_all_enquiries_unless_a_queue_is_named(desk: Client) -> None:
    waiting = make_enquiry(name="Robin Rare", received_at=hours_ago(1))
    closed = make_enquiry(name="Robin Rare", status="closed", received_at=hours_ago(90))
    make_enquiry(name="Canary", is_canary=True)
    assert listed(desk, q="robin") == [waiting, closed]
    assert listed(desk, q="robin", show="closed") == [closed]
    assert listed(desk, q="canary") == []


FOUND = tomllib.loads(Path(__file__).with_name("searches.toml").read_text("utf-8"))["enquiry"]


@pytest.mark.parametrize("fields", FOUND)
def test_an_enquiry_is_found_however_it_is_typed(desk: Client, fields: dict[str, str]) -> None:
    searches = fields["searches"].splitlines()
    wanted = make_enquiry(**{name: value for name, value in fields.items() if name != "searches"})
    make_enquiry(phone="250-555-0142", reference="K7-3F9Q")
    assert [typed for typed in searches if listed(desk, q=typed) != [wanted]] == []


def test_a_search_that_finds_nothing_says_what_to_try(desk: Client) -> None:
    desk.raise_request_exception = False  # so that a failure names what was typed
    make_enquiry(name="Zoe Gagne", email="", phone="867-555-0199")
    for typed in ("-", "zoe zed", "%", "_", "ob%", "5551", "😀", "' OR 1=1", "x" * 500):
        assert "Nothing found" in html_of(desk, q=typed), typed


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
        assert listed(desk, q=words) == [enquiry], words


def test_a_row_says_what_else_the_same_person_sent_and_when(desk: Client) -> None:
    make_enquiry(email="sam@gmail.com", status="answered", received_at=hours_ago(30))
    make_enquiry(email="sam@gmail.com", status="spam")
    make_enquiry(email="kim@example.com", phone_normalised="+18675550199")
    assert "also wrote" not in desk.get(LIST).content.decode()
    make_enquiry(email="S.am@gmail.com", phone="", heard_phone="+18675550199")
    html, today = html_of(desk), f"also wrote on {timezone.localtime():%b %-d}"
    assert [words for words in (f"{today}: New and 1 more", f"{today}: New<") if words not in html] == []
    assert f"{timezone.localtime(hours_ago(30)):%b %-d}: Answered" not in html, "that one is older than Kim's"


def test_the_list_can_be_filtered(desk: Client) -> None:
    colleague = make_person("Reception", "second")
    received = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    wanted = make_enquiry(assigned_to=colleague, topic="fees", preferred_contact="phone", received_at=received)
    make_enquiry()
    for query in (
        *(f"colleague={colleague.pk}", "topic__exact=fees", "preferred_contact__exact=phone"),
        "received_at__date__gte=2026-11-20&received_at__date__lte=2026-11-20",
        "received_at__date__gte=&received_at__date__lte=2026-11-20",
    ):
        response = desk.get(f"{LIST}?{query}", follow=True)
        assert list(response.context["cl"].result_list) == [wanted]
        assert '<details class="more-filters" open>' in response.content.decode()


EXPORT = reverse("admin:contact_enquiry_export")


def exported(client: Client, form: str = "csv", query: str = "") -> bytes:
    response = client.post(EXPORT + query, {"format": form})
    assert response["Content-Disposition"].startswith('attachment; filename="enquiries-2')
    assert "no-store" in response["Cache-Control"]
    return response.content


def csv_rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline="")))


def test_the_file_has_plain_headings_whitehorse_times_and_no_formulas(as_manager: Client) -> None:
    typed = {"phone": "+1 867 555 0142", "message": "=1+1", "received_at": datetime(2026, 11, 24, 1, tzinfo=UTC)}
    enquiry = make_enquiry(**typed, assigned_to=make_person("Reception"), red_flags=["Chest pain"])
    [row] = csv_rows(exported(as_manager))
    expected = {
        "Reference": enquiry.reference, "Received (Whitehorse time)": "2026-11-23 18:00", "Topic": "A treatment",
        "Phone": "'+1 867 555 0142", "Message": "'=1+1", "Voicemail OK": "no",
        "Assigned to": "reception", "Warning signs": "Chest pain", "Why suspected of spam": "",
    }  # fmt: skip
    assert row | expected == row
    sheet = openpyxl.load_workbook(BytesIO(exported(as_manager, "xlsx")))["Enquiries"]
    assert [cell.value for cell in sheet[1]] == list(row)
    assert [cell.value for cell in sheet[2]][:2] == [enquiry.reference, datetime(2026, 11, 23, 18)]  # noqa: DTZ001  as sheets have them
    Enquiry.objects.update(status="suspected_spam", screening_reasons=["1 web link"])
    [row] = csv_rows(exported(as_manager, query="?show=all"))
    assert row["Why suspected of spam"] == "1 web link"


@pytest.mark.parametrize(
    ("query", "names", "detail"),
    [
        ("?topic__exact=fees", ["Robin Rare"], "CSV, Waiting"),
        ("?q=rare", ["Robin Rare"], "CSV, All"),
        ("?show=all&received_at__date__gte=", ["Robin Rare", "Sam Sample", "Closed Case"], "CSV, All"),
    ],
)
def test_the_file_has_what_the_list_shows(as_manager: Client, query: str, names: list[str], detail: str) -> None:
    make_enquiry(topic="fees", name="Robin Rare")
    make_enquiry(received_at=hours_ago(1))
    make_enquiry(status="closed", name="Closed Case", received_at=hours_ago(2))
    make_enquiry(is_canary=True)
    rows = csv_rows(exported(as_manager, query=query))
    assert [row["Name"] for row in rows] == names
    event = EnquiryEvent.objects.get(kind="exported")
    assert set(event.references.split()) == {row["Reference"] for row in rows}
    assert (event.actor_name, event.detail, event.ip_address) == ("managers", detail, "127.0.0.1")
