"""What the desk's pages have in common, the dashboard, the outbox, and how long people wait for a first visit."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from clinic.models import PractitionerPage
from contact.admin.filters import QUEUES
from contact.mail.backend import EmailBackend
from contact.models import DeliveryAttempt, Enquiry, EnquiryEvent, Entry, Message
from tests import factories
from tests.contact.admin.enquiry_page import LIST, address_of
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person

DASHBOARD = reverse("admin:index")
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


def test_each_page_accepts_any_address(as_manager: Client) -> None:
    as_manager.raise_request_exception = False  # so that a failure names what was asked for
    enquiry = make_message().enquiry
    for query in NONSENSE:
        in_list = f"{address_of(enquiry)}?{urlencode({'_changelist_filters': query.replace('%00', chr(0))})}"
        lists = [LIST, EXPORT, *(OTHER_LISTS.values() if query.partition("=")[0] in OTHER_FILTERS else ())]
        for page in (*(f"{address}?{query}" for address in lists), in_list):
            assert as_manager.get(page).status_code < 500, page
        assert as_manager.post(in_list, {"_next": "1", "status": "x"}).status_code < 500, query


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


def test_an_impossible_or_deleted_enquiry_and_the_canary_are_not_found(desk: Client) -> None:
    desk.raise_request_exception = False  # so that a failure names what was asked for
    for pk in ("x", "9" * 30, "9" * 5000, "%00", "4711", make_enquiry(is_canary=True).pk):
        for page in ("change", "reply", "others"):
            assert desk.get(f"{LIST}{pk}/{page}/").status_code == 404, pk


def test_each_page_takes_few_queries(as_manager: Client, django_assert_max_num_queries: Any) -> None:
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
    as_manager.get(DASHBOARD)  # makes the clinic's details
    lists = [f"{LIST}?{query}" for query in ("q=sam", *(f"show={queue}" for queue in QUEUES))]
    pages = [DASHBOARD, address_of(enquiry), address_of(enquiry, "reply"), reverse("admin:contact_enquiry_numbers")]
    for page in (*lists, *pages):
        with django_assert_max_num_queries(24):
            as_manager.get(page)
    for page in (OTHER_LISTS["message"], OTHER_LISTS["enquiryevent"]):
        with django_assert_max_num_queries(12):
            as_manager.get(page)
    with django_assert_max_num_queries(12):
        as_manager.post(f"{EXPORT}?show=all", {"format": "csv"})


def test_each_tile_leads_to_what_it_counts_and_is_gone_once_that_is_done(desk: Client, receptionist: User) -> None:
    first = make_enquiry(assigned_to=receptionist, red_flags=["Stroke"])
    make_enquiry(due_at=hours_ago(1))
    make_enquiry(status="suspected_spam", received_at=hours_ago(5))
    make_enquiry(follow_up_at=hours_ago(1))
    make_enquiry(follow_up_at=hours_ago(-1))
    make_message(enquiry=make_enquiry(), kind="patient_receipt", bounced_at=hours_ago(1), sent_at=hours_ago(2))
    html = desk.get(DASHBOARD).content.decode()
    tiles = re.findall(r'href="([^"]*show=\w+)"><strong>(\d+)', html)
    for address, number in tiles:
        assert len(desk.get(address).context["cl"].result_list) == int(number), address
    queues = ["flagged", "overdue", "undelivered", "follow_up", "unassigned", "mine"]
    assert [address.partition("=")[2] for address, _number in tiles] == queues
    assert f'href="{reverse("admin:contact_enquiry_change", args=[first.pk])}"' in html

    Enquiry.objects.update(status="answered")
    html = desk.get(DASHBOARD).content.decode()
    assert "No one is waiting." in html
    assert 'class="tiles"' not in html


@pytest.mark.parametrize("role", ["Reception", "Managers"])
def test_each_role_sees_three_links_and_may_open_each_of_them_and_of_the_settings(client: Client, role: str) -> None:
    client.force_login(make_person(role))
    front, settings = (client.get(reverse(f"admin:{name}")) for name in ("index", "contact_enquiry_settings"))
    assert front.content.decode().partition('class="places"')[2].count("<li>") == 3
    for address in re.findall(r'<li><a href="([^"]+)"', (front.content + settings.content).decode()):
        assert client.get(address, follow=True).status_code == 200, address


OUTBOX = reverse("admin:contact_message_changelist")


def mails(desk: Client, **query: str) -> list[Message]:
    return list(desk.get(OUTBOX, query).context["cl"].result_list)


def page_of(message: Message) -> str:
    return reverse("admin:contact_message_change", args=[message.pk])


def test_undelivered_mail_comes_first_and_what_waits_can_be_sent_now(desk: Client) -> None:
    sent = make_message(sent_at=timezone.now(), created_at=hours_ago(50), not_before=hours_ago(-5))
    waiting = make_message(not_before=hours_ago(-5))
    late = make_message(created_at=hours_ago(30), last_error="451 later")
    assert mails(desk) == mails(desk, state="nonsense") == [late, waiting, sent]
    assert mails(desk, state="waiting") == [late, waiting]
    assert mails(desk, state="attention") == [late]
    assert mails(desk, state="sent") == [sent]
    assert "Needs attention; next try" in desk.get(OUTBOX).content.decode()
    late.delete()
    desk.post(OUTBOX, {"action": "try_again_now", "_selected_action": [waiting.pk, sent.pk]})
    assert list(Message.objects.due(timezone.now())) == [waiting]


def test_mail_about_the_site_is_listed_without_its_words(desk: Client) -> None:
    EmailBackend().send_messages([EmailMessage("Approve this page", "The words", to=["manager@example.org"])])
    (notice,) = mails(desk)
    for address in (OUTBOX, page_of(notice)):
        html = desk.get(address).content.decode()
        words = ("Notice about the site", "manager@example.org", "The words", "Approve")
        assert [word for word in words if word in html] == ["Notice about the site", "manager@example.org"]
    assert not EnquiryEvent.objects.exists()


def test_mail_that_came_back_is_found_says_why_and_has_a_button_to_send_it_again(desk: Client) -> None:
    message = make_message(enquiry=make_enquiry(reference="K7-3F9Q"), sent_at=hours_ago(2), bounced_at=hours_ago(1))
    Message.objects.update(bounce_reason="550 5.1.1 User unknown")
    make_message(recipient="harryd@example.com")
    assert mails(desk, q="k73f9q") == mails(desk, q="desk@") == [message]
    html = desk.get(page_of(message)).content.decode()
    assert "550 5.1.1 User unknown" in html
    assert f'action="{reverse("admin:contact_enquiry_resend", args=[message.enquiry_id, message.pk])}"' in html


def test_looking_at_mail_is_recorded(desk: Client) -> None:
    message, other = make_message(), make_message()
    mails(desk)
    mails(desk, state="sent")  # an empty list
    desk.get(page_of(message))
    events = EnquiryEvent.objects.order_by("pk").values_list("kind", "reference", "references", "actor_name")
    both = f"{message.enquiry.reference} {other.enquiry.reference}"
    assert list(events) == [("listed", "", both, "reception"), ("seen", message.enquiry.reference, "", "reception")]


WAITS = reverse("admin:clinic_practitionerpage_changelist")


@pytest.mark.parametrize(("role", "may"), [("Reception", True), ("Managers", True), ("Physiotherapists", False)])
def test_reception_changes_the_wait_in_the_list_and_the_website_shows_it(client: Client, role: str, may: bool) -> None:
    person = factories.make_practitioner()
    client.force_login(make_person(role))
    total = {f"form-{name}_FORMS": "1" for name in ("TOTAL", "INITIAL")}
    sent = total | {"form-0-page_ptr": str(person.pk), "form-0-usual_wait": "4", "_save": "Save"}
    assert client.post(WAITS, sent).status_code == (302 if may else 403)
    assert ("Usual wait: 2 to 4 weeks" in client.get(person.url).content.decode()) is may


def test_nothing_else_of_a_page_changes_and_publishing_an_older_draft_keeps_the_wait_of_today(client: Client) -> None:
    person = factories.make_practitioner()
    person.role = "Physiotherapist and teacher"
    draft = person.save_revision()
    client.force_login(make_person("Reception"))
    change = reverse("admin:clinic_practitionerpage_change", args=[person.pk])
    client.post(change, {"title": "X", "usual_wait": "8"})
    for page in (reverse("admin:clinic_practitionerpage_add"), change.replace("change", "delete")):
        assert client.get(page).status_code == 403
    Revision.objects.get(pk=draft.pk).publish()
    person = PractitionerPage.objects.get()
    expected = ("Robin Sample", "Physiotherapist and teacher", "8")
    assert (person.title, person.role, person.usual_wait) == expected
