from datetime import timedelta

import pytest
from django.apps import apps
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, get_page_models

from clinic.models import BasePage, ClinicDetails, FeaturedPage, HomePage, PractitionerPage
from clinic.seo.meta import LONGEST_TITLE
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db

TYPES = [model for model in get_page_models() if model is not Page]
# Fields whose labels say it all.
SELF_EXPLAINING = {"region", "postal_code", "privacy_contact_email", "id"}


def test_every_page_has_what_visitors_and_search_engines_need_and_can_be_previewed() -> None:
    pages, pictures = factories.make_clinic(), []
    for address in set(pages) - {"/locations/"}:  # which leads to the only location
        page = Markup(Client().get(address).text)
        assert "tel:+18675550142" in page.attributes("a", "href"), address
        assert len(page.texts("title")[0]) <= LONGEST_TITLE, address
        assert page.links("canonical") == [f"http://testserver{address}"]
        pictures += [attributes for tag, attributes in page.elements if tag == "img"]
    assert pictures
    assert all({"alt", "width", "height"} <= set(attributes) for attributes in pictures)
    for address, published in pages.items():
        draft = published.get_latest_revision_as_object()
        draft.title = f"Draft of {published.title}"
        for mode, _label in draft.preview_modes:
            response = draft.make_preview_request(preview_mode=mode)
            assert response.status_code == 200, address
            assert draft.title in response.rendered_content or isinstance(published, HomePage), address


@pytest.mark.parametrize("model", TYPES, ids=lambda model: model._meta.label)
def test_a_page_type_names_its_parents(model: type[Page]) -> None:
    assert 0 < len(model.allowed_parent_page_models()) < 3
    assert issubclass(model, BasePage)
    assert str(model._meta.verbose_name).endswith("page")


def test_every_field_that_editors_fill_in_says_what_it_does() -> None:
    silent = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, BasePage) or model is ClinicDetails
        for field in model._meta.local_fields
        if field.editable and not field.help_text and not field.remote_field and field.name not in SELF_EXPLAINING
    ]
    assert silent == []


def test_editors_cannot_put_a_page_behind_a_password(as_manager: Client) -> None:
    assert "password" not in as_manager.get(f"/admin/pages/{factories.make_standard().pk}/privacy/").text


def test_a_featured_page_is_a_card_and_a_featured_index_a_list_of_live_pages(
    home: HomePage, visit: HttpRequest
) -> None:
    service = factories.make_service()
    shoulder = factories.make_condition("Frozen shoulder")
    factories.make_condition("Not written yet", live=False)
    index = shoulder.get_parent()
    home.featured_pages.set([FeaturedPage(page=page) for page in (service, index)])
    home.save()
    context = home.get_context(visit)
    assert context["featured_pages"] == [service]
    (conditions,) = context["featured_lists"]
    assert conditions["page"].pk == index.pk
    assert [page.title for page in conditions["pages"]] == ["Frozen shoulder"]


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
