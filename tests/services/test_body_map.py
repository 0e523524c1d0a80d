"""“Where does it hurt?”: the drawn body leads where editors say, and the list beside it leads to the same pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.models import FeaturedPage
from services.body_map import SPOTS, TARGET, Region, body_map
from services.models import ConditionPage
from tests import factories
from tests.edit_form import answers_of
from tests.markup import Markup

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

    from clinic.models import HomePage


@dataclass(eq=False)
class Condition:
    title: str
    regions: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"/{self.title}/"


def addresses(*pages: Condition) -> dict[str, str]:
    return {place.region.value: place.address for place in body_map(pages).places}


def listed(*pages: Condition) -> list[tuple[str, list[str]]]:
    return [(row.heading if row.regions else "", [page.title for page in row.pages]) for row in body_map(pages).rows]


def test_a_place_that_one_page_names_leads_to_it_and_a_place_without_a_page_is_no_link() -> None:
    assert addresses(Condition("knee-pain", ["knee"])) == {"knee": "/knee-pain/"}


def test_a_page_may_name_several_places_and_is_listed_once() -> None:
    back, knee = Condition("back", ["low-back", "neck"]), Condition("knee", ["knee"])
    assert addresses(knee, back) == {"neck": "/back/", "low-back": "/back/", "knee": "/knee/"}
    assert listed(knee, back) == [("", ["back"]), ("", ["knee"])]


def test_a_place_that_several_pages_name_leads_to_the_list_of_them() -> None:
    frozen, torn = Condition("frozen", ["shoulder"]), Condition("torn", ["shoulder", "elbow"])
    assert addresses(frozen, torn) == {"shoulder": "#pain-shoulder", "elbow": "/torn/"}
    assert listed(frozen, torn) == [("Shoulder", ["frozen", "torn"])]


def test_places_with_the_same_several_pages_share_one_list() -> None:
    strain, disc = Condition("strain", ["neck", "low-back"]), Condition("disc", ["low-back", "neck"])
    assert addresses(strain, disc) == {"neck": "#pain-neck", "low-back": "#pain-neck"}
    assert listed(strain, disc) == [("Neck, low back", ["strain", "disc"])]


def test_a_page_without_a_place_is_at_the_end_of_the_list() -> None:
    assert listed(Condition("dizzy"), Condition("heel", ["foot"])) == [("", ["heel"]), ("", ["dizzy"])]


def test_no_two_targets_overlap() -> None:
    """Each is as wide and high as a thumb needs; on one figure none lies over another's."""
    for (one, at), (other, there) in combinations(SPOTS.items(), 2):
        for here, away in product({at.left, at.mirrored}, {there.left, there.mirrored}):
            apart = abs(here - away) >= TARGET or abs(at.top - there.top) >= TARGET
            assert apart, f"{one} and {other}"


def test_every_place_but_the_whole_body_is_on_the_drawing() -> None:
    assert {*Region} - {*SPOTS} == {Region.WHOLE_BODY}


@pytest.fixture
def featured(home: HomePage) -> HomePage:
    """The home page with the list of conditions on it: a knee, a fibromyalgia and a draft."""
    knee = factories.make_condition("Knee pain", regions=["knee"])
    factories.make_condition("Fibromyalgia", regions=["whole-body"])
    factories.make_condition("Heel pain", regions=["foot"], live=False)
    home.refresh_from_db()  # it has children now
    home.featured_pages = [FeaturedPage(page=knee.get_parent())]
    home.save()
    return home


@pytest.mark.parametrize("address", ["/", "/conditions/"])
def test_the_map_and_the_list_beside_it_lead_to_the_same_live_pages(
    featured: HomePage, client: Client, address: str
) -> None:
    page = client.get(address).content.decode()
    assert "data-body-map" in page
    drawing, rest = page[page.index('<svg class="body-map__drawing') :].split("</svg>", 1)
    for part in (drawing, rest):
        assert {"/conditions/knee-pain/", "/conditions/fibromyalgia/"} <= {*Markup(part).attributes("a", "href")}
    assert "heel-pain" not in page
    assert "<title>Knee</title>" in drawing
    assert "Ankle and foot" not in drawing


def test_an_editor_ticks_the_places_on_the_conditions_page(client: Client, manager: User) -> None:
    client.force_login(manager)
    condition = factories.make_condition("Knee pain")
    address = reverse("wagtailadmin_pages:edit", args=[condition.pk])
    form = client.get(address).context["form"]
    assert str(form["regions"]).count('type="checkbox"') == len(Region)
    answers = answers_of(form) | {"regions": ["knee", "hip"], "action-publish": "1"}
    assert client.post(address, answers).status_code == 302
    assert ConditionPage.objects.get(pk=condition.pk).regions == ["knee", "hip"]


@pytest.mark.django_db
def test_a_place_the_drawing_does_not_know_is_refused() -> None:
    condition = factories.make_condition("Knee pain")
    for unknown in (["tail"], "knee", [["knee"]]):
        condition.regions = unknown
        with pytest.raises(ValidationError, match="Choose places from the list"):
            condition.full_clean()
