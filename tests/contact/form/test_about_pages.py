"""Pages come and go. Enquiries stay, and can always be sent."""

import pytest
from django.test import Client
from wagtail.models import Page

from clinic.models import ClinicDetails, HomePage, StandardPage
from contact.models import ContactPage, Enquiry
from tests.contact.factories import answers
from tests.factories import make_location, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    return HomePage.objects.get()


@pytest.fixture
def page(home: HomePage) -> StandardPage:
    made: StandardPage = home.add_child(instance=StandardPage(title="Dry needling", slug="dry-needling"))
    return made


def written_on(client: Client, page: Page) -> Enquiry:
    assert client.post("/enquiry/", answers(about=str(page.pk))).status_code == 303
    return Enquiry.objects.get()


def test_deleting_a_page_or_its_branch_never_touches_an_enquiry(client: Client, page: StandardPage) -> None:
    child = page.add_child(instance=StandardPage(title="Below", slug="below"))
    before = written_on(client, child)
    Page.objects.get(pk=page.pk).delete()
    after = Enquiry.objects.get()
    assert after.about is None
    assert after.about_title == "Below"
    for field in ("reference", "name", "message", "received_at", "status"):
        assert getattr(after, field) == getattr(before, field)
    assert after.messages.count() == 2


def test_moving_and_unpublishing_a_page_never_touches_an_enquiry(
    client: Client, home: HomePage, page: StandardPage
) -> None:
    other = home.add_child(instance=StandardPage(title="Elsewhere", slug="elsewhere"))
    written_on(client, page)
    page.unpublish()
    page.move(other, pos="last-child")
    page.title = "Renamed"
    page.save_revision().publish()
    enquiry = Enquiry.objects.get()
    assert enquiry.about
    assert enquiry.about.pk == page.pk
    assert enquiry.about_title == "Dry needling"


def test_an_unpublished_page_is_noted_but_its_title_is_not_given_away(client: Client, page: StandardPage) -> None:
    page.unpublish()
    assert "Dry needling" not in client.get(f"/enquiry/?about={page.pk}").content.decode()
    assert written_on(client, page).about_title == "Dry needling"


def test_the_contact_page_has_the_editors_words_around_the_form(client: Client, home: HomePage) -> None:
    home.add_child(
        instance=ContactPage(
            title="Contact",
            slug="contact",
            body=[("text", "<p>Before it</p>")],
            after_form=[("text", "<p>After it</p>")],
        )
    )
    html = client.get("/contact/").content.decode()
    assert html.index("Before it") < html.index('name="message"') < html.index("After it")
    assert not client.cookies


def test_without_any_contact_page_the_form_is_at_its_own_address(client: Client) -> None:
    ContactPage.objects.all().delete()
    assert client.get("/enquiry/").status_code == 200
    assert client.post("/enquiry/", answers()).status_code == 303


def test_an_enquiry_does_not_stop_a_person_from_being_removed(client: Client, page: StandardPage) -> None:
    enquiry = written_on(client, page)
    person = make_person("Reception")
    enquiry.assigned_to = person
    enquiry.save()
    person.delete()
    enquiry.refresh_from_db()
    assert enquiry.assigned_to is None


def test_hours_and_address_stand_beside_the_form_that_has_a_page_to_itself(
    details: ClinicDetails, client: Client
) -> None:
    assert "Opening hours" not in client.get("/enquiry/").content.decode().partition("<footer")[0]
    details.main_location = make_location()
    details.save()
    before_footer = client.get("/enquiry/").content.decode().partition("<footer")[0]
    assert "Opening hours" in before_footer
    assert details.main_location.street in before_footer
