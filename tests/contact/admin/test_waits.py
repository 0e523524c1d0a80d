"""Reception keeps how long people wait for a first visit, and nothing else of a physiotherapist's page."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from clinic.models import PractitionerPage
from tests import factories

pytestmark = pytest.mark.django_db
WAITS = reverse("admin:clinic_practitionerpage_changelist")


def saved(person: PractitionerPage, wait: str) -> dict[str, str]:
    """Return what the list's form sends."""
    total = {f"form-{name}_FORMS": "1" for name in ("TOTAL", "INITIAL")}
    return total | {"form-0-page_ptr": str(person.pk), "form-0-usual_wait": wait, "_save": "Save"}


@pytest.mark.parametrize(("role", "may"), [("Reception", True), ("Managers", True), ("Physiotherapists", False)])
def test_reception_changes_the_wait_in_the_list_and_the_website_shows_it(client: Client, role: str, may: bool) -> None:
    person = factories.make_practitioner()
    client.force_login(factories.make_person(role))
    status = client.post(WAITS, saved(person, "4")).status_code
    assert status == (302 if may else 403)
    assert ("Usual wait: 2 to 4 weeks" in client.get(person.url).content.decode()) is may


def test_nothing_else_of_a_page_can_be_changed_at_the_desk(client: Client) -> None:
    person = factories.make_practitioner()
    client.force_login(factories.make_person("Reception"))
    client.post(reverse("admin:clinic_practitionerpage_change", args=[person.pk]), {"title": "X", "usual_wait": "1"})
    person.refresh_from_db()
    assert (person.title, person.usual_wait) == ("Robin Sample", "1")
    for name in ("add", "delete"):
        arguments = [person.pk] if name == "delete" else []
        assert client.get(reverse(f"admin:clinic_practitionerpage_{name}", args=arguments)).status_code == 403


def test_publishing_an_older_draft_keeps_the_wait_of_today(client: Client) -> None:
    person = factories.make_practitioner()
    person.role = "Physiotherapist and teacher"
    draft = person.save_revision()
    client.force_login(factories.make_person("Reception"))
    client.post(WAITS, saved(person, "8"))
    Revision.objects.get(pk=draft.pk).publish()
    person = PractitionerPage.objects.get()
    assert (person.role, person.usual_wait) == ("Physiotherapist and teacher", "8")
