"""Managers keep the list of warning signs, and see who answers for it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contact.models import DeskSettings, RedFlag
from tests.factories import make_person, make_practitioner

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_redflag_changelist")
ADD = reverse("admin:contact_redflag_add")


@pytest.mark.parametrize(
    ("role", "status"), [("Managers", 200), ("Reception", 403), ("Physiotherapists", 403), ("", 302), (None, 302)]
)
def test_only_managers_keep_the_list(client: Client, role: str | None, status: int) -> None:
    if role is not None:
        client.force_login(make_person(role))
    sign = RedFlag.objects.all()[0]
    for address in (LIST, ADD, reverse("admin:contact_redflag_change", args=[sign.pk])):
        answer = client.get(address)
        assert answer.status_code == status or (answer.status_code in {302, 403} and status in {302, 403})
    client.post(reverse("admin:contact_redflag_delete", args=[sign.pk]), {"post": "yes"})
    assert RedFlag.objects.filter(pk=sign.pk).exists() is (status != 200)


@pytest.fixture
def manager_at_the_desk(client: Client) -> Client:
    client.force_login(make_person("Managers"))
    return client


def test_the_list_says_that_nobody_answers_for_it_yet(manager_at_the_desk: Client) -> None:
    html = manager_at_the_desk.get(LIST).content.decode()
    assert "Nobody answers for it; never reviewed." in html
    assert "Settings → Enquiry desk" in html


def test_the_list_says_who_answers_and_when_it_was_reviewed(manager_at_the_desk: Client) -> None:
    desk, _ = DeskSettings.objects.get_or_create()
    desk.red_flags_owner = make_practitioner("Robin Sample")
    desk.red_flags_reviewed_on = timezone.localdate()
    desk.save()
    html = manager_at_the_desk.get(LIST).content.decode()
    assert "Robin Sample answers for this list; last reviewed" in html
    assert "Settings → Enquiry desk" not in html
    desk.red_flags_reviewed_on -= timedelta(days=366)
    desk.save()
    assert (
        "A physiotherapist reviews it once a year: Wagtail admin, Warning signs."
        in manager_at_the_desk.get(LIST).content.decode()
    )


@pytest.mark.parametrize("words", ["a", "*", "back\nx + y", "-- + pain", " + pain"])
def test_words_that_would_be_found_everywhere_are_refused(manager_at_the_desk: Client, words: str) -> None:
    answer = manager_at_the_desk.post(ADD, {"name": "New", "words": words, "is_active": "on"})
    assert "is too short" in answer.content.decode()
    assert not RedFlag.objects.filter(name="New").exists()


def test_a_new_sign_is_kept(manager_at_the_desk: Client) -> None:
    words = "very dizzy*\nfever* + back\n\nAVC"
    assert manager_at_the_desk.post(ADD, {"name": "New", "words": words, "is_active": "on"}).status_code == 302
    assert RedFlag.objects.get(name="New").phrases == ["very dizzy*", "fever* + back", "AVC"]
