"""What the desk's pages have in common: breadcrumbs, few queries, and no error whatever somebody types."""

from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from contact.admin.filters import QUEUES
from contact.models import DeliveryAttempt, EnquiryEvent, Entry, ReplyText
from tests.contact.admin.enquiry_page import address_of
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person

pytestmark = pytest.mark.django_db
DASHBOARD = reverse("admin:index")
LIST = reverse("admin:contact_enquiry_changelist")
EXPORT = reverse("admin:contact_enquiry_export")
OTHER_LISTS = {
    model: reverse(f"admin:contact_{model}_changelist")
    for model in ("message", "enquiryevent", "purgerun", "redflag", "replytext")
}
OTHER_FILTERS = {"q", "p", "o", "state", "kind__exact", "when"}
NONSENSE = (
    "received_at__date__lte=9999-12-31", "received_at__date__gte=0001-01-01", "received_at__date__gte=x", "p=0", "p=x",
    f"p={'9' * 5000}", "show=x", "show=%00", "q=%00", "q=%2522", "o=x", "o=-99.1", "all=x", "topic__exact=%00",
    "preferred_contact__exact=x", f"colleague={'9' * 5000}", "_popup=1", "_to_field=x", "status__exact=x",
    "password__exact=x", "_changelist_filters=%00", "state=%00", "kind__exact=x", "when=x",
)  # fmt: skip


def breadcrumbs(client: Client, page: str) -> str:
    html = client.get(page).content.decode()
    return html[html.index('<div class="breadcrumbs">') :].partition("</div>")[0]


def test_each_list_is_right_below_the_dashboard_and_the_pages_below_lead_back_to_it(managers_desk: Client) -> None:
    response = managers_desk.get(reverse("admin:app_list", args=["contact"]))
    assert (response.status_code, response["Location"]) == (302, DASHBOARD)
    for address in OTHER_LISTS.values():
        way = breadcrumbs(managers_desk, address)
        assert way.count("<a ") == 1
        assert f'<a href="{DASHBOARD}">Home</a>' in way
    text, message = ReplyText.objects.all()[0], make_message()
    for page in (
        *(reverse(f"admin:contact_replytext_{page}", args=[text.pk]) for page in ("change", "history", "delete")),
        reverse("admin:contact_replytext_add"),
        reverse("admin:contact_message_change", args=[message.pk]),
    ):
        assert f'<a href="/django-admin/contact/{page.split("/")[3]}/">' in breadcrumbs(managers_desk, page)
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("query", NONSENSE)
def test_each_page_accepts_any_address(managers_desk: Client, query: str) -> None:
    detail = address_of(make_message().enquiry)
    in_list = urlencode({"_changelist_filters": query.replace("%00", "\0")})
    lists = [LIST, EXPORT, *(OTHER_LISTS.values() if query.partition("=")[0] in OTHER_FILTERS else ())]
    for page in (*(f"{address}?{query}" for address in lists), f"{detail}?{in_list}"):
        assert managers_desk.get(page).status_code < 500, page
    assert managers_desk.post(f"{detail}?{in_list}", {"_next": "1", "status": "x"}).status_code < 500


@pytest.mark.parametrize("typed", ["9" * 5000, "\0", "²"])
def test_the_pages_of_an_enquiry_accept_anything_posted(desk: Client, typed: str) -> None:
    message = make_message(kind="patient_receipt")
    names = (
        "seen", "verdict", "ready_made", "_choose", "text", "message_id", "recipient", "call_outcome", "note_text",
        "status", "initial-status", "assigned_to", "seen_revision", "attempts",
    )  # fmt: skip
    for page in ("take", "verdict", "change", "reply"):
        response = desk.post(address_of(message.enquiry, page), dict.fromkeys(names, typed))
        assert response.status_code in {200, 302}, page
    assert desk.post(address_of(message.enquiry, "resend", message.pk), {"attempts": typed}).status_code == 302


@pytest.mark.parametrize("pk", ["x", "9" * 30, "9" * 5000, "%00", "4711", "canary"])
def test_an_impossible_or_deleted_enquiry_and_the_canary_are_not_found(desk: Client, pk: str) -> None:
    number = str(make_enquiry(is_canary=True).pk) if pk == "canary" else pk
    for page in ("change", "reply", "others"):
        assert desk.get(f"{LIST}{number}/{page}/").status_code == 404


def test_each_page_takes_few_queries_however_much_there_is(
    managers_desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = make_person("Reception")
    enquiry = make_enquiry()
    for number in range(30):
        received = hours_ago(24 * number)
        answered = make_enquiry(received_at=received, due_at=received, answered_at=received, status="answered")
        other = make_enquiry(assigned_to=person, due_at=hours_ago(1), red_flags=["Stroke"] if number % 2 else [])
        for made in (answered, other):
            make_message(enquiry=made, is_refused=True)
        entry = Entry.objects.create(enquiry=enquiry, kind="reply", author=person, text="Hello")
        reply = make_message(enquiry=enquiry, entry=entry, kind="reply", recipient=f"{number}@example.org")
        DeliveryAttempt.objects.create(message=reply, started_at=received, outcome="refused", reply="550 No")
        EnquiryEvent.objects.create(
            kind="seen", reference=enquiry.reference, actor=person, actor_name=person.username, at=received
        )
    managers_desk.get(DASHBOARD)  # makes the clinic's details
    lists = [f"{LIST}?{query}" for query in ("q=sam", *(f"show={queue}" for queue in QUEUES))]
    pages = [DASHBOARD, address_of(enquiry), address_of(enquiry, "reply"), reverse("admin:contact_enquiry_numbers")]
    for page in (*lists, *pages):
        with django_assert_max_num_queries(24):
            managers_desk.get(page)
    for page in (OTHER_LISTS["message"], OTHER_LISTS["enquiryevent"]):
        with django_assert_max_num_queries(12):
            managers_desk.get(page)
    with django_assert_max_num_queries(12):
        managers_desk.post(f"{EXPORT}?show=all", {"format": "csv"})
