"""A canary, the enquiry of a synthetic check, reaches no one and is removed; it cannot be forged or used twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.mail.outbox import deliver_due
from contact.models import Enquiry, EnquiryEvent, Message, SyntheticCheck, monitoring
from contact.models.message import MessageType
from contact.monitoring.synthetic_check import LEFT_AFTER, remove_canaries
from contact.workflow.overview import overview
from tests.contact.factories import answers, make_enquiry
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> SyntheticCheck:
    return SyntheticCheck.objects.create(url="https://clinic.example")


def send(client: Client, sign: str, **changed: str) -> Enquiry:
    response = client.post(
        reverse("enquiry"), answers(**changed) | {monitoring.CANARY_FIELD: sign}, HTTP_SEC_FETCH_SITE="same-origin"
    )
    assert response.status_code == 303
    return Enquiry.all_objects.order_by("-pk")[0]


def test_a_canary_sends_one_mail_and_leaves_no_event(client: Client, run: SyntheticCheck) -> None:
    enquiry = send(client, run.canary)
    assert enquiry.is_canary
    assert [message.kind for message in enquiry.messages.all()] == [MessageType.CANARY]
    assert deliver_due().sent == 1
    assert not EnquiryEvent.objects.filter(reference=enquiry.reference).exists()


@pytest.mark.parametrize(
    "forge",
    [
        lambda run: str(run.pk),
        lambda run: run.canary[:-1] + "!",
        lambda run: TimestampSigner(salt="contact.shown-again").sign(str(run.pk)),
        lambda _run: SyntheticCheck(pk=987654).canary,
        lambda _run: TimestampSigner(salt="contact.canary").sign("one"),
    ],
)
def test_a_forged_canary_is_an_ordinary_enquiry(
    client: Client, run: SyntheticCheck, forge: Callable[[SyntheticCheck], str]
) -> None:
    enquiry = send(client, forge(run))
    assert not enquiry.is_canary
    assert enquiry.messages.filter(kind=MessageType.STAFF_NOTIFICATION).count() == 1


def test_a_canary_is_accepted_once_and_only_during_its_check(
    client: Client, run: SyntheticCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = run.canary
    assert send(client, sign).is_canary
    assert not send(client, sign, name="Another").is_canary
    finished = SyntheticCheck.objects.create(url="https://clinic.example", finished_at=timezone.now())
    assert not send(client, finished.canary, name="Too late").is_canary
    monkeypatch.setattr(monitoring, "CANARY_HOLDS", timedelta(seconds=-1))
    late = SyntheticCheck.objects.create(url="https://clinic.example").canary
    assert not SyntheticCheck.objects.take_canary(late)


def test_a_canary_is_neither_shown_nor_counted(client: Client, run: SyntheticCheck) -> None:
    enquiry = send(client, run.canary)
    person = make_person("Reception")
    client.force_login(person)
    assert Enquiry.objects.count() == 0
    assert overview(person)["waiting"] == 0
    assert enquiry.reference not in client.get(reverse("admin:contact_enquiry_changelist")).content.decode()
    assert client.get(reverse("admin:contact_enquiry_change", args=[enquiry.pk])).status_code == 404


def test_canaries_of_killed_checks_are_removed_and_enquiries_stay(client: Client, run: SyntheticCheck) -> None:
    left = send(client, run.canary)
    stays = make_enquiry(received_at=timezone.now() - timedelta(hours=1))
    remove_canaries(run)
    assert Enquiry.all_objects.filter(pk=left.pk).exists()
    remove_canaries(run, timezone.now() + LEFT_AFTER)
    assert list(Enquiry.all_objects.all()) == [stays]
    assert not Message.objects.filter(enquiry_id=left.pk).exists()
