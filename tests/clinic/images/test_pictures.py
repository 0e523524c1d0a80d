import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from clinic.images import share_pictures
from clinic.images.pictures import SHAPES, picture
from clinic.images.renditions import make_all, make_renditions
from clinic.models import ClinicImage, HomePage
from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> ClinicImage:
    """A picture that is ready to be shown on a card."""
    image = factories.make_image("A river under ice")
    make_renditions(image, "card")
    return image


def test_a_picture_has_a_description_or_is_decorative() -> None:
    ClinicImage(description="A river under ice").clean()
    ClinicImage(is_decorative=True).clean()
    with pytest.raises(ValidationError, match="is_decorative"):
        ClinicImage(description="A river under ice", is_decorative=True).clean()
    for blank in ("", "   ", "\n"):
        with pytest.raises(ValidationError, match="description"):
            ClinicImage(description=blank).clean()


def test_a_picture_has_no_alt_text_on_a_card_but_one_on_its_page(client: Client, image: ClinicImage) -> None:
    make_renditions(image, "lead")
    service = factories.make_service(lead_image=image)
    assert Markup(client.get("/services/").text).attributes("img", "alt") == [""]
    assert "A river under ice" in Markup(client.get(service.url).text).attributes("img", "alt")


def test_a_picture_offers_each_box_in_each_format_and_the_first_one_is_fetched_at_once(image: ClinicImage) -> None:
    html = str(picture(image, "card"))
    assert html.count("<source") == 3 - 1  # the last format is in the <img> itself
    assert html.index(".avif") < html.index(".webp") < html.index(".jpg")
    assert html.count(".avif") == html.count(".webp") == len(SHAPES["card"].boxes)
    assert re.search(r'<img[^>]* height="\d+"[^>]* width="\d+"', html)
    assert 'loading="lazy"' in html
    assert f'sizes="{SHAPES["card"].sizes}"' in html
    first = str(picture(image, "card", lazy=False))
    assert 'fetchpriority="high"' in first
    assert "lazy" not in first


def test_a_picture_that_is_not_ready_is_shown_in_another_shape_or_format_or_left_out(image: ClinicImage) -> None:
    html = str(picture(image, "portrait"))
    assert "fill-480x270" in html
    assert f'sizes="{SHAPES["portrait"].sizes}"' in html
    image.renditions.filter(filter_spec__contains="avif").delete()
    html = str(picture(ClinicImage.objects.get(), "card"))
    assert "avif" not in html
    assert html.count(".webp") == 2
    image.renditions.all().delete()
    assert picture(ClinicImage.objects.get(), "hero") == ""
    assert not image.renditions.exists(), "nothing is made for it"


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


def test_the_worker_makes_each_pages_pictures_in_the_shapes_that_it_shows_and_no_editor_waits_for_them(
    as_physio: Client, home: HomePage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    hero, portrait, lead, inside = (factories.make_image() for _picture in range(4))
    home.lead_image = hero
    home.save()
    factories.make_practitioner(lead_image=portrait)
    page = factories.make_standard(lead_image=lead, body=[("image", {"image": inside, "caption": ""})])
    with django_capture_on_commit_callbacks(execute=True):
        answers = {"title": "River", "description": "Ice", "collection": lead.collection_id}
        assert as_physio.post(f"/admin/images/{lead.pk}/", answers).status_code == 302
    assert not made(lead) & specs("lead")
    make_all()
    assert as_physio.get(page.url).text.count("<picture>") == 2
    assert made(lead) >= specs("lead")
    assert made(inside) == specs("lead")
    assert made(hero) == specs("lead", "hero")
    assert made(portrait) == specs("lead", "portrait")


def test_looking_for_missing_pictures_takes_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(5):
        factories.make_standard(f"Page {number}", lead_image=factories.make_image())
    make_all()
    share_pictures.make_all()
    with django_assert_max_num_queries(4):
        assert make_all() == 0
    with django_assert_max_num_queries(10):
        assert share_pictures.make_all() == 0


CONTENT = b"0123456789" * 50


@pytest.fixture
def served() -> str:
    return f"/media/{default_storage.save('images/ridge.width-800.webp', ContentFile(CONTENT))}"


def test_a_picture_that_the_browser_has_is_not_sent_again(client: Client, served: str) -> None:
    first = client.get(served)
    assert first["Content-Type"] == "image/webp"
    assert "immutable" in first["Cache-Control"]
    response = client.get(served, headers={"If-None-Match": first["ETag"]})
    assert (response.status_code, response.content) == (304, b"")
    assert client.get(served, headers={"If-None-Match": '"other"'}).content == CONTENT
    asked = {"Range": "bytes=0-4"}
    assert client.get(served, headers=asked | {"If-Range": '"older"'}).content == CONTENT
    assert client.get(served, headers=asked | {"If-Range": first["ETag"]}).content == CONTENT[:5]


@pytest.mark.parametrize(
    ("asked", "given"), [("bytes=0-0", "bytes 0-0/500"), ("bytes=490-9999", "bytes 490-499/500"), ("bytes=9-3", None)]
)
def test_a_browser_gets_the_part_that_it_asks_for(client: Client, served: str, asked: str, given: str | None) -> None:
    response = client.get(served, headers={"Range": asked, "Accept-Encoding": "gzip"})
    assert response.headers.get("Content-Range") == given
    assert response.status_code == (206 if given else 200)
    first, last = map(int, re.findall(r"(\d+)-(\d+)/", given or "0-499/")[0])
    assert response.content == CONTENT[first : last + 1]
    assert response["Accept-Ranges"] == "bytes"
    assert "Content-Encoding" not in response
    for ignored in ("bytes=500-", "bytes=-3", "bytes=0-1,4-5", "x"):
        assert client.get(served, headers={"Range": ignored}).content == CONTENT


def test_an_original_with_its_place_and_time_is_never_served(client: Client) -> None:
    default_storage.save("original_images/secret.jpg", ContentFile(b"where and when"))
    ways_out = ("images/../original_images/secret.jpg", "images/..%2Foriginal_images%2Fsecret.jpg", "images/..")
    for address in ("original_images/secret.jpg", *ways_out, "images/no-such-picture.webp", "images/a%00b"):
        assert client.get(f"/media/{address}").status_code == 404, address
