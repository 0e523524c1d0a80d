"""The staff's desk: nothing a patient wrote can be changed or thrown away, and who answered when is kept."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from contact.models import DeliveryAttempt, Enquiry
from tests.contact.factories import make_enquiry, make_message
from tests.factories import make_person

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")


def change_address(enquiry: Enquiry) -> str:
    return reverse("admin:contact_enquiry_change", args=[enquiry.pk])


def shown(desk: Client, **query: str) -> list[Enquiry]:
    return list(desk.get(LIST, query).context["cl"].result_list)


@pytest.mark.parametrize(
    "search", ["Robin", "robin@example", "RARE", "867 555 0199", "(867) 555-0199", "+1 867.555.0199", "5550199"]
)
def test_an_enquiry_is_found_by_name_email_and_phone_however_typed(desk: Client, search: str) -> None:
    wanted = make_enquiry(name="Robin Rare", email="robin@example.com", phone="867-555-0199")
    make_enquiry()
    assert shown(desk, q=search) == [wanted]


def test_one_enquiry_takes_few_queries_however_much_was_mailed(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    enquiry = make_enquiry()
    for number in range(10):
        message = make_message(enquiry=enquiry, recipient=f"desk{number}@example.org")
        DeliveryAttempt.objects.create(message=message, started_at=timezone.now(), outcome="refused", reply="550 No")
    desk.get(LIST)  # makes the clinic's details
    with django_assert_max_num_queries(20):
        html = desk.get(change_address(enquiry)).content.decode()
    assert "Refused by the server. 550 No" in html


def test_the_patients_words_are_read_only_and_safe(desk: Client) -> None:
    enquiry = make_enquiry(name="<script>alert(1)</script>", message="one\ntwo", phone="867-555-0142")
    html = desk.get(change_address(enquiry)).content.decode()
    assert "<script>alert(1)" not in html
    assert "one<br>two" in html
    assert 'href="tel:+18675550142"' in html
    assert f'href="mailto:sam@example.com?subject=Your%20enquiry%20{enquiry.reference}"' in html
    for control in ("name", "email", "phone", "message", "topic", "reference", "received_at"):
        assert f'name="{control}"' not in html


def saved(desk: Client, enquiry: Enquiry, **changed: Any) -> Enquiry:
    shown = {"status": enquiry.status, "assigned_to": "", "seen_revision": enquiry.revision}
    response = desk.post(change_address(enquiry), shown | changed)
    assert response.status_code == 302, response.context["adminform"].form.errors
    enquiry.refresh_from_db()
    return enquiry


def test_saving_keeps_what_the_patient_wrote_and_records_who_answered_when(desk: Client) -> None:
    me = make_person("Reception", "second")
    enquiry = saved(
        desk,
        make_enquiry(),
        status="answered",
        assigned_to=me.pk,
        name="Changed",
        message="Changed",
    )
    assert enquiry.answered_at
    assert (enquiry.status, enquiry.assigned_to) == ("answered", me)
    assert (enquiry.name, enquiry.message) == ("Sam Sample", "Do you have time next week?")


def test_an_enquiry_that_waits_again_counts_as_unanswered(desk: Client) -> None:
    enquiry = make_enquiry(status="answered")
    assert enquiry.answered_at
    assert saved(desk, enquiry, status="in_progress").answered_at is None


def test_an_answered_enquiry_keeps_its_time_when_it_is_closed(desk: Client) -> None:
    enquiry = make_enquiry(status="answered")
    before = enquiry.answered_at
    assert saved(desk, enquiry, status="closed").answered_at == before


def test_only_people_who_may_see_enquiries_can_be_assigned(desk: Client) -> None:
    make_person("Physiotherapists")
    make_person("Managers")
    gone = make_person("Reception", "gone")
    gone.is_active = False
    gone.save()
    form = desk.get(change_address(make_enquiry())).context["adminform"].form
    assert [person.username for person in form.fields["assigned_to"].queryset] == ["managers", "reception"]


def test_nothing_is_added_or_deleted_by_hand(client: Client) -> None:
    client.force_login(make_person("Managers"))
    enquiry = make_enquiry()
    assert client.get(reverse("admin:contact_enquiry_add")).status_code == 403
    assert client.post(reverse("admin:contact_enquiry_delete", args=[enquiry.pk]), {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [enquiry.pk], "post": "yes"})
    message = make_message(enquiry=enquiry)
    assert client.post(reverse("admin:contact_message_delete", args=[message.pk]), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:contact_message_add")).status_code == 403
    assert Enquiry.objects.count() == 1


def test_history_names_the_reference_and_never_the_patient(desk: Client) -> None:
    saved(desk, make_enquiry(name="Robin Rare"), status="closed")
    record = LogEntry.objects.get()
    assert "Robin" not in f"{record.object_repr} {record.change_message}"
