"""A canary, the enquiry of a synthetic check, reaches no one and is removed; it cannot be forged or used twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.intake import canary
from contact.mail.outbox import deliver_due
from contact.models import Enquiry, EnquiryEvent, Message, SyntheticCheck
from contact.models.message import MessageType
from contact.workflow.overview import overview
from tests.contact.factories import answers, make_enquiry
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> SyntheticCheck:
    return SyntheticCheck.objects.create(url="https://clinic.example")


def send(client: Client, sign: str, **changed: str) -> Enquiry:
    response = client.post(
        reverse("enquiry"), answers(**changed) | {canary.FIELD: sign}, HTTP_SEC_FETCH_SITE="same-origin"
    )
    assert response.status_code == 303
    return Enquiry.all_objects.order_by("-pk")[0]


def test_a_canary_sends_one_mail_and_leaves_no_event(client: Client, run: SyntheticCheck) -> None:
    enquiry = send(client, canary.sign(run))
    assert enquiry.is_canary
    assert [message.kind for message in enquiry.messages.all()] == [MessageType.CANARY]
    assert deliver_due().sent == 1
    assert not EnquiryEvent.objects.filter(reference=enquiry.reference).exists()


@pytest.mark.parametrize(
    "forge",
    [
        lambda run: str(run.pk),
        lambda run: canary.sign(run)[:-1] + "!",
        lambda run: TimestampSigner(salt="contact.shown-again").sign(str(run.pk)),
        lambda _run: canary.sign(SyntheticCheck(pk=987654)),
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
    sign = canary.sign(run)
    assert send(client, sign).is_canary
    assert not send(client, sign, name="Another").is_canary
    finished = SyntheticCheck.objects.create(url="https://clinic.example", finished_at=timezone.now())
    assert not send(client, canary.sign(finished), name="Too late").is_canary
    monkeypatch.setattr(canary, "HOLDS", timedelta(seconds=-1))
    assert not canary.take(canary.sign(SyntheticCheck.objects.create(url="https://clinic.example")))


def test_a_canary_is_neither_shown_nor_counted(client: Client, run: SyntheticCheck) -> None:
    enquiry = send(client, canary.sign(run))
    person = make_person("Reception")
    client.force_login(person)
    assert Enquiry.objects.count() == 0
    assert overview(person)["waiting"] == 0
    assert enquiry.reference not in client.get(reverse("admin:contact_enquiry_changelist")).content.decode()
    assert client.get(reverse("admin:contact_enquiry_change", args=[enquiry.pk])).status_code == 404


def test_canaries_of_killed_checks_are_removed_and_enquiries_stay(client: Client, run: SyntheticCheck) -> None:
    left = send(client, canary.sign(run))
    stays = make_enquiry(received_at=timezone.now() - timedelta(hours=1))
    assert canary.remove_left() == 0
    assert canary.remove_left(timezone.now() + canary.LEFT_AFTER) == 1
    assert list(Enquiry.all_objects.all()) == [stays]
    assert not Message.objects.filter(enquiry_id=left.pk).exists()
