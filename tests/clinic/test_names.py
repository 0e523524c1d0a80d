"""Things in the admins' lists call themselves what people call them."""

import pytest

from clinic.models import ClinicDetails, DemoRecord, FeaturedPage, SearchWords
from tests import factories


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (ClinicDetails(name="Fireweed Physiotherapy"), "Fireweed Physiotherapy"),
        (SearchWords(), "search words"),
        (DemoRecord(key="page:/about/"), "page:/about/"),
        (FeaturedPage(page_id=7), "featured page 7"),
    ],
)
def test_a_thing_is_called_what_people_call_it(thing: object, name: str) -> None:
    assert str(thing) == name


@pytest.mark.django_db
def test_a_picture_is_called_by_its_title() -> None:
    assert str(factories.make_image()) == "river-ice.jpg"
