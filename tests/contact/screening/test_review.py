"""Managers edit the list of warning signs; a physiotherapist reviews it without seeing any enquiry."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from contact.models import DeskSettings, RedFlag
from contact.screening import review
from contact.screening.warning_signs import DEFAULT_WARNING_SIGNS
from contact.wagtail_hooks import warning_signs
from tests.contact.factories import make_enquiry
from tests.factories import make_person, make_practitioner

PAGE = reverse(review.ADDRESS)
LIST, ADD = reverse("admin:contact_redflag_changelist"), reverse("admin:contact_redflag_add")


def test_a_new_site_has_each_built_in_phrase_once() -> None:
    signs = {sign.name: sign.phrases for sign in RedFlag.objects.all()}
    assert signs == DEFAULT_WARNING_SIGNS
    assert all(len(set(phrases)) == len(phrases) for phrases in signs.values())


@pytest.mark.parametrize("role", ["Managers", "Reception", "Physiotherapists", "", None])
def test_only_managers_edit_the_list_and_only_physiotherapists_review_it(client: Client, role: str | None) -> None:
    if role is not None:
        client.force_login(make_person(role))
    assert (client.get(PAGE).status_code == 200) is (role == "Physiotherapists")
    client.post(PAGE, {"fingerprint": review.fingerprint()})
    assert bool(DeskSettings.load().red_flags_reviewed_on) is (role == "Physiotherapists")
    sign = RedFlag.objects.all()[0]
    for address in (LIST, ADD, reverse("admin:contact_redflag_change", args=[sign.pk])):
        assert (client.get(address).status_code == 200) is (role == "Managers")
    client.post(reverse("admin:contact_redflag_delete", args=[sign.pk]), {"post": "yes"})
    assert RedFlag.objects.filter(pk=sign.pk).exists() is (role != "Managers")


def test_the_menu_has_the_review_and_the_review_has_no_enquiries(as_physio: Client) -> None:
    enquiry = make_enquiry(name="Nobody Shown")
    assert PAGE in as_physio.get(reverse("wagtailadmin_home")).content.decode()
    html = as_physio.get(PAGE).content.decode()
    assert ("<li>fever*/feverish/" in html, enquiry.name in html) == (True, False)


def reminders_of(person: User) -> list[str]:
    return [item.reason for item in warning_signs(User.objects.get(pk=person.pk))]


def test_physiotherapists_are_reminded_until_the_list_is_reviewed_as_it_is(as_physio: Client, physio: User) -> None:
    assert reminders_of(physio) == ["No one has reviewed this list yet"]
    seen = {"fingerprint": review.fingerprint()}
    as_physio.post(PAGE, seen)
    desk = DeskSettings.load()
    assert (desk.red_flags_reviewed_on, desk.red_flags_reviewed_by) == (timezone.localdate(), physio.get_username())
    assert reminders_of(physio) == []
    RedFlag.objects.filter(name="Chest pain").update(words="chest pain")
    assert "Please look through it again" in as_physio.post(PAGE, seen, follow=True).content.decode()
    assert reminders_of(physio) == ["The list was changed since its last review"]
    review.review(physio, review.fingerprint())
    DeskSettings.objects.update(red_flags_reviewed_on=timezone.localdate() - timedelta(days=366))
    assert reminders_of(physio) == ["The yearly review is due"]


def test_managers_are_reminded_until_someone_owns_the_list(as_manager: Client, manager: User, physio: User) -> None:
    [item] = warning_signs(manager)
    html = as_manager.get(item.url, follow=True).content.decode()
    assert "red_flags_owner" in html
    assert 'name="red_flags_reviewed_on"' not in html, "no one enters a review by hand"
    assert reminders_of(make_person("Reception")) == []
    DeskSettings.objects.update(red_flags_owner=make_practitioner("Robin Sample"))
    assert (reminders_of(manager), [item.url for item in warning_signs(physio)]) == ([], [PAGE])


def test_the_list_shows_when_and_by_whom_it_has_to_be_reviewed(as_manager: Client) -> None:
    owner, today = make_practitioner("Robin Sample"), timezone.localdate()
    reviewed = {"red_flags_owner": owner, "red_flags_reviewed_on": today, "red_flags_reviewed_by": "Robin"}
    DeskSettings.objects.update_or_create(defaults=reviewed)
    said = f"Robin Sample is responsible for this list; last reviewed {date_format(today)} by Robin."
    assert said in " ".join(as_manager.get(LIST).content.decode().split())
    DeskSettings.objects.update(red_flags_reviewed_on=today - timedelta(days=366))
    assert "has to review it once a year" in as_manager.get(LIST).content.decode()


def test_a_new_sign_is_stored_unless_one_of_its_phrases_is_too_short(as_manager: Client) -> None:
    typed = {"name": "New", "words": "very dizzy*\nfever* + back\n\nAVC", "is_active": "on"}
    for short in ("a", "*", "back\nx + y", "-- + pain", " + pain"):
        assert "is too short" in as_manager.post(ADD, typed | {"words": short}).content.decode()
    assert not RedFlag.objects.filter(name="New").exists()
    assert as_manager.post(ADD, typed).status_code == 302
    assert RedFlag.objects.get(name="New").phrases == ["very dizzy*", "fever* + back", "AVC"]
