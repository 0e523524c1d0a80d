"""A physiotherapist reviews the warning signs, on record, and sees no enquiry for it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from clinic.admin.dashboard import DashboardItem
from contact.admin.warning_signs import who_answers
from contact.models import DeskSettings, RedFlag
from contact.screening import review
from contact.wagtail_hooks import warning_signs
from tests.contact.factories import make_enquiry
from tests.factories import make_person, make_practitioner

pytestmark = pytest.mark.django_db
PAGE = reverse(review.ADDRESS)


@pytest.mark.parametrize(
    ("role", "status"), [("Physiotherapists", 200), ("Managers", 302), ("Reception", 302), ("", 302), (None, 302)]
)
def test_physiotherapists_alone_review_the_list(client: Client, role: str | None, status: int) -> None:
    if role is not None:
        client.force_login(make_person(role))
    assert client.get(PAGE).status_code == status
    client.post(PAGE, {"fingerprint": review.fingerprint()})
    assert bool(DeskSettings.load().red_flags_reviewed_on) is (status == 200)


def test_the_menu_leads_there_and_no_further(client: Client, physio: User) -> None:
    enquiry = make_enquiry(name="Nobody Shown")
    client.force_login(physio)
    assert PAGE in client.get(reverse("wagtailadmin_home")).content.decode()
    html = client.get(PAGE).content.decode()
    assert "<li>short* of breath</li>" in html
    for written in ("*", "+", "..."):
        assert f"<strong>{written}</strong>" in html
    assert enquiry.name not in html
    for address in ("admin:contact_enquiry_changelist", "admin:contact_redflag_changelist", "admin:index"):
        assert client.get(reverse(address)).status_code == 403


def test_who_reviewed_it_and_when_is_on_record(client: Client, physio: User) -> None:
    client.force_login(physio)
    desk = DeskSettings.load()
    desk.red_flags_owner = make_practitioner("Robin Sample")
    desk.save()
    client.post(PAGE, {"fingerprint": review.fingerprint()})
    desk.refresh_from_db()
    assert (desk.red_flags_reviewed_on, desk.red_flags_reviewed_by) == (timezone.localdate(), physio.get_username())
    entry = ModelLogEntry.objects.get(action=review.REVIEWED)
    assert entry.user == physio
    said, is_well = who_answers()
    assert f"by {physio.get_username()}." in said
    assert is_well


def test_a_list_that_was_changed_since_is_not_the_reviewed_one(client: Client, physio: User) -> None:
    client.force_login(physio)
    seen = review.fingerprint()
    client.post(PAGE, {"fingerprint": seen})
    RedFlag.objects.filter(name="Chest pain").update(words="chest pain")
    said, is_well = who_answers()
    assert "changed since" in said
    assert not is_well
    assert "The list was changed since its last review." in client.get(PAGE).content.decode()
    DeskSettings.objects.update(red_flags_reviewed_on=None)
    said = client.post(PAGE, {"fingerprint": seen}, follow=True).content.decode()
    assert "Please look through it again" in said
    assert DeskSettings.load().red_flags_reviewed_on is None


def needs_of(person: User) -> list[DashboardItem]:
    return warning_signs(User.objects.get(pk=person.pk))


def test_the_first_page_reminds_physiotherapists_until_the_list_is_reviewed(physio: User) -> None:
    [need] = needs_of(physio)
    assert (need.url, need.reason) == (PAGE, "Nobody has reviewed this list yet")
    review.review(physio, review.fingerprint())
    assert needs_of(physio) == []
    RedFlag.objects.filter(name="Chest pain").update(words="chest pain")
    assert [need.reason for need in needs_of(physio)] == ["The list was changed since its last review"]
    review.review(physio, review.fingerprint())
    DeskSettings.objects.update(red_flags_reviewed_on=timezone.localdate() - timedelta(days=366))
    assert [need.reason for need in needs_of(physio)] == ["The yearly review is due"]


def test_the_first_page_reminds_managers_until_somebody_answers_for_the_list(manager: User, receptionist: User) -> None:
    [need] = needs_of(manager)
    assert need.url == reverse("wagtailsettings:edit", args=["contact", "desksettings"])
    assert need.reason == "Name the physiotherapist who answers for the warning signs"
    assert needs_of(receptionist) == []
    DeskSettings.objects.update(red_flags_owner=make_practitioner("Robin Sample"))
    assert needs_of(manager) == []


def test_a_manager_cannot_enter_a_review_by_hand(client: Client, manager: User) -> None:
    client.force_login(manager)
    html = client.get(reverse("wagtailsettings:edit", args=["contact", "desksettings"]), follow=True).content.decode()
    assert "red_flags_owner" in html
    assert 'name="red_flags_reviewed_on"' not in html
