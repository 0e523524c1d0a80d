"""The people who treat."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from clinic.models import PractitionerPage
from tests import factories

pytestmark = pytest.mark.django_db


def test_new_patients_are_welcome_through_the_last_day_of_a_licence() -> None:
    today = timezone.localdate()
    for until, is_current in ((today, True), (today - timedelta(days=1), False), (None, True)):
        person = PractitionerPage(licence_valid_until=until, accepts_new_patients=True)
        assert (person.licence_is_current, person.is_bookable) == (is_current, is_current)
    assert not PractitionerPage(accepts_new_patients=False).is_bookable


def test_team_and_home_page_show_who_is_published_and_each_has_a_page_with_what_they_give(client: Client) -> None:
    robin = factories.make_practitioner("Robin Sample", credentials="MPT, CGIMS", languages="English, French")
    for treatment in ("Dry needling", "Manual therapy"):
        factories.give(factories.make_service(treatment), robin)
    factories.give(factories.make_service("Hidden", live=False), robin)
    factories.make_practitioner("Jo Example", role="Massage therapist")
    factories.make_practitioner("Not Yet", live=False)
    team, own, home = (client.get(address).text.replace("\n", "") for address in ("/team/", robin.url, "/"))
    for words in ("Robin Sample", "MPT, CGIMS", "Jo Example", "Massage therapist", 'href="/team/robin-sample/"'):
        assert words in team
    assert "Robin Sample" in home
    assert "Not Yet" not in team + home
    given = "<li>Dry needling</li><li>Manual therapy</li></ul>"
    assert given in team
    assert given not in home
    for words in ("Robin Sample", "Physiotherapist", "MPT, CGIMS", "English, French"):
        assert words in own
