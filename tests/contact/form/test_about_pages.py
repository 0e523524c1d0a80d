"""What happens to a page never touches the enquiries about it."""

import pytest
from django.test import Client
from wagtail.models import Page

from clinic.models import ClinicDetails, StandardPage
from contact.models import Enquiry
from tests.contact.factories import answers
from tests.factories import make_contact_page, make_location, make_standard

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(db: None) -> StandardPage:
    return make_standard("Dry needling")


def send_from(client: Client, page: Page) -> Enquiry:
    assert client.post("/enquiry/", answers(about=str(page.pk))).status_code == 303
    return Enquiry.objects.get()


def test_deleting_a_page_or_its_branch_never_touches_an_enquiry(client: Client, page: StandardPage) -> None:
    before = send_from(client, make_standard("Below", page))
    Page.objects.get(pk=page.pk).delete()
    after = Enquiry.objects.get()
    assert (after.about, after.about_title, after.messages.count()) == (None, "Below", 2)
    for field in ("reference", "name", "message", "received_at", "status"):
        assert getattr(after, field) == getattr(before, field)


def test_moving_and_unpublishing_a_page_never_touches_an_enquiry(client: Client, page: StandardPage) -> None:
    send_from(client, page)
    page.unpublish()
    page.move(make_standard("Elsewhere"), pos="last-child")
    page.title = "Renamed"
    page.save_revision().publish()
    enquiry = Enquiry.objects.get()
    assert enquiry.about
    assert (enquiry.about.pk, enquiry.about_title) == (page.pk, "Dry needling")


def test_an_unpublished_page_is_stored_but_its_title_is_not_shown(client: Client, page: StandardPage) -> None:
    page.unpublish()
    assert "Dry needling" not in client.get(f"/enquiry/?about={page.pk}").content.decode()
    assert send_from(client, page).about_title == "Dry needling"


def test_the_contact_page_has_the_editors_words_around_the_form(client: Client) -> None:
    make_contact_page(body=[("text", "<p>Before it</p>")], after_form=[("text", "<p>After it</p>")])
    html = client.get("/contact/").content.decode()
    assert html.index("Before it") < html.index('name="message"') < html.index("After it")
    assert not client.cookies


def test_hours_and_address_are_shown_beside_the_form_on_its_own_page(details: ClinicDetails, client: Client) -> None:
    assert "Opening hours" not in client.get("/enquiry/").content.decode().partition("<footer")[0]
    details.main_location = make_location()
    details.save()
    before_footer = client.get("/enquiry/").content.decode().partition("<footer")[0]
    assert "Opening hours" in before_footer
    assert details.main_location.street in before_footer
