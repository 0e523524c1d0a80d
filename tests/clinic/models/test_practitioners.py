"""The people who treat."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinic.models import PractitionerPage
from tests import factories

if TYPE_CHECKING:
    from django.test import Client


def licensed_for(days: int | None, *, accepts: bool = True) -> PractitionerPage:
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    return PractitionerPage(licence_valid_until=until, accepts_new_patients=accepts)


@pytest.mark.parametrize(("days", "is_current"), [(1, True), (0, True), (-1, False), (None, True)])
def test_a_licence_is_current_through_its_last_day(days: int | None, is_current: bool) -> None:
    assert licensed_for(days).licence_is_current is is_current


@pytest.mark.parametrize(
    ("days", "accepts", "is_bookable"), [(10, True, True), (10, False, False), (-1, True, False), (None, True, True)]
)
def test_new_patients_are_welcome_only_with_a_current_licence(
    days: int | None, accepts: bool, is_bookable: bool
) -> None:
    assert licensed_for(days, accepts=accepts).is_bookable is is_bookable


def test_the_licence_year_ends_at_the_clinics_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: date(2027, 1, 31))
    person = PractitionerPage(licence_valid_until=date(2027, 1, 31))
    assert person.licence_is_current
    monkeypatch.setattr(timezone, "localdate", lambda: date(2027, 2, 1))
    assert not person.licence_is_current


@pytest.mark.django_db
def test_the_team_page_says_what_each_gives(client: Client) -> None:
    robin = factories.make_practitioner("Robin Sample")
    for treatment in ("Dry needling", "Manual therapy"):
        factories.give(factories.make_service(treatment), robin)
    factories.give(factories.make_service("Not yet", live=False), robin)
    given = "<li>Dry needling</li><li>Manual therapy</li></ul>"
    assert given in client.get("/team/").content.decode().replace("\n", "")
    assert given not in client.get("/").content.decode().replace("\n", "")


@pytest.mark.django_db
def test_the_team_page_shows_everybody_who_is_published(client: Client) -> None:
    factories.make_practitioner("Robin Sample", credentials="MPT, CGIMS")
    factories.make_practitioner("Jo Example", role="Massage therapist")
    factories.make_practitioner("Not Yet", live=False)
    page = client.get("/team/").content.decode()
    for words in ("Robin Sample", "MPT, CGIMS", "Jo Example", "Massage therapist", 'href="/team/robin-sample/"'):
        assert words in page
    assert "Not Yet" not in page


@pytest.mark.django_db
def test_a_practitioners_page_says_who_they_are_and_what_they_speak(client: Client) -> None:
    person = factories.make_practitioner(credentials="MPT, CGIMS", languages="English, French")
    page = client.get(person.url).content.decode()
    for words in ("Robin Sample", "Physiotherapist", "MPT, CGIMS", "English, French"):
        assert words in page


@pytest.mark.django_db
def test_the_page_of_somebody_without_a_current_licence_does_not_welcome_new_patients(client: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    person = factories.make_practitioner()
    welcome = client.get(person.url).content
    PractitionerPage.objects.update(licence_valid_until=yesterday)
    assert client.get(person.url).content != welcome


@pytest.mark.django_db
def test_the_practitioners_page_leads_to_their_treatments_and_leaves_drafts_out(client: Client) -> None:
    person = factories.make_practitioner()
    for service in (factories.make_service("Manual therapy"), factories.make_service("Secret therapy", live=False)):
        factories.give(service, person)
    page = client.get(person.url).content.decode()
    assert 'href="/services/manual-therapy/"' in page
    assert "Secret therapy" not in page


@pytest.mark.django_db
def test_a_practitioner_needs_a_role() -> None:
    with pytest.raises(ValidationError) as error:
        factories.make_practitioner(role="")
    assert "role" in error.value.message_dict
