from dataclasses import dataclass, field

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from clinic.models import FeaturedPage, HomePage
from services.lib.body_map import REGIONS, body_map
from services.models import ConditionPage
from tests import factories
from tests.edit_form import answers_of
from tests.markup import Markup


@dataclass(eq=False)
class Condition:
    title: str
    regions: list[str] = field(default_factory=list)
    feelings: str = ""

    @property
    def url(self) -> str:
        return f"/{self.title}/"


def listed(*pages: Condition) -> dict[str, list[tuple[str, str]]]:
    """Return the words and the page of each possibility, by place; without the places that are only urgent."""
    places = {place["name"]: place["possibilities"] for place in body_map(pages) if place["possibilities"]}
    return {region: [(words, page.title) for words, page in found] for region, found in places.items()}


def test_a_place_leads_to_what_its_pages_say_it_may_feel_like_or_to_their_titles() -> None:
    knee = Condition(
        "knee-pain", ["knee"], "Knee: After a twist\nknee : Aches on stairs\nCalf: Sore after running\nTail: Odd"
    )
    assert listed(knee) == {
        "knee": [("After a twist", "knee-pain"), ("Aches on stairs", "knee-pain")],
        "calf": [("Sore after running", "knee-pain")],
    }
    back, knee = Condition("back", ["low-back", "neck"]), Condition("knee", ["knee"], "Low back: From a limp")
    assert listed(knee, back) == {
        "neck": [("back", "back")],
        "low-back": [("From a limp", "knee"), ("back", "back")],
        "knee": [("knee", "knee")],
    }


def test_what_may_be_urgent_is_a_place_without_any_page() -> None:
    assert [place["name"] for place in body_map([])] == ["head", "chest", "belly", "calf"]


@pytest.fixture
def featured(home: HomePage) -> HomePage:
    """The home page with the list of conditions on it: a knee, a fibromyalgia and a draft."""
    knee = factories.make_condition("Knee pain", regions=["knee"])
    factories.make_condition("Fibromyalgia", regions=["whole-body"])
    factories.make_condition("Heel pain", regions=["foot"], live=False)
    home.refresh_from_db()  # it has children now
    home.featured_pages.set([FeaturedPage(page=knee.get_parent())])
    home.save()
    return home


@pytest.mark.parametrize("address", ["/", "/conditions/"])
def test_the_drawing_leads_to_lists_that_lead_to_live_pages(featured: HomePage, client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert "data-body-map" in page
    drawing, rest = page[page.index('<svg class="body-map__drawing') :].split("</svg>", 1)
    for part in (drawing, rest):
        assert {"#pain-knee", "#pain-whole-body", "#pain-chest"} <= {*Markup(part).attributes("a", "href")}
    assert {"pain-knee", "pain-whole-body", "pain-chest"} <= {*Markup(rest).attributes("section", "id")}
    # Whatever button a page has names the page, unless it is the home page.
    conditions = ConditionPage.objects.get(slug="knee-pain").get_parent()
    asked = "/enquiry/" if address == "/" else f"/enquiry/?about={conditions.pk}"
    assert {"/conditions/knee-pain/", "/conditions/fibromyalgia/", asked} <= {*Markup(rest).attributes("a", "href")}
    assert "Call 911 for chest pain" in rest
    assert rest.count("Not sure, or something else") == rest.count('<section class="pain"')
    assert "heel-pain" not in page
    assert "<title>Knee</title>" in drawing
    assert "Ankle and foot" not in drawing


def test_an_editor_ticks_the_places_on_the_conditions_page(as_manager: Client) -> None:
    condition = factories.make_condition("Knee pain", sources=factories.SOURCES)
    address = reverse("wagtailadmin_pages:edit", args=[condition.pk])
    form = as_manager.get(address).context["form"]
    assert str(form["regions"]).count('type="checkbox"') == len(REGIONS)
    answers = answers_of(form) | {"regions": ["knee", "hip"], "publish_unchecked": "on", "action-publish": "1"}
    assert as_manager.post(address, answers).status_code == 302
    assert ConditionPage.objects.get(pk=condition.pk).regions == ["knee", "hip"]


@pytest.mark.django_db
def test_a_place_the_drawing_does_not_know_is_refused() -> None:
    condition = factories.make_condition("Knee pain")
    for unknown in (["tail"], "knee", [["knee"]]):
        condition.regions = unknown
        with pytest.raises(ValidationError, match="Choose places from the list"):
            condition.full_clean()
