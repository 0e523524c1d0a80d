"""Pictures are made by the worker, never while a visitor or an editor waits."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from clinic.images import share_pictures
from clinic.images.pictures import SHAPES
from clinic.images.renditions import make_all, make_renditions
from clinic.models import ClinicImage, HomePage
from tests import factories

pytestmark = pytest.mark.django_db


def made(image: ClinicImage) -> set[str]:
    return set(image.renditions.values_list("filter_spec", flat=True))


def specs(*shapes: str) -> set[str]:
    return {spec for shape in shapes for spec in SHAPES[shape].specs}


def test_new_renditions_are_made_when_the_focal_point_moves() -> None:
    image = factories.make_image()
    make_renditions(image, "lead")
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 10, 10, 4, 4
    image.save()
    make_all()
    assert made(image) == specs("lead")
    assert image.renditions.values("focal_point_key").distinct().count() == 2


def test_the_worker_makes_the_pictures_of_a_published_page(client: Client) -> None:
    lead, inside = factories.make_image("Lead"), factories.make_image("Inside")
    page = factories.make_standard("About", lead_image=lead)
    page.body = [("image", {"image": inside, "caption": ""})]
    page.save_revision().publish()
    make_all()
    assert client.get(page.url).text.count("<picture>") == 2
    assert made(lead) == made(inside) == specs("lead")


def test_the_home_page_and_people_have_shapes_of_their_own(home: HomePage) -> None:
    home.lead_image = factories.make_image()
    home.save()
    person = factories.make_practitioner(lead_image=factories.make_image())
    make_all()
    assert made(home.lead_image) == specs("lead", "hero")
    assert person.lead_image
    assert made(person.lead_image) == specs("lead", "portrait")


def test_looking_for_missing_pictures_takes_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(5):
        factories.make_standard(f"Page {number}", lead_image=factories.make_image())
    make_all()
    share_pictures.make_all()
    with django_assert_max_num_queries(4):
        assert make_all() == 0
    with django_assert_max_num_queries(10):
        assert share_pictures.make_all() == 0


def test_no_request_of_an_editor_makes_the_pictures_of_pages(
    as_physio: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    image = factories.make_image()
    with django_capture_on_commit_callbacks(execute=True):
        answers = {"title": "River", "description": "Ice", "collection": image.collection_id}
        assert as_physio.post(f"/admin/images/{image.pk}/", answers).status_code == 302
    assert not made(image) & specs("lead")
    make_all()
    assert made(image) >= specs("lead")
