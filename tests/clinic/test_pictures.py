"""The demo clinic's drawn pictures."""

from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image

from clinic.demo.pictures import PICTURES, Picture, draw, jpeg

every_picture = pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES.keys())


def test_a_picture_is_drawn_the_same_every_time() -> None:
    first, second = draw("portrait-jo"), draw("portrait-jo")
    assert sha256(first.tobytes()).digest() == sha256(second.tobytes()).digest()


@pytest.mark.parametrize("name", ["portrait-alex", "lake-evening"])
def test_a_picture_has_the_size_it_claims(name: str) -> None:
    assert draw(name).size == (PICTURES[name].width, PICTURES[name].height)


def test_a_picture_becomes_a_progressive_jpeg_light_enough_for_the_library() -> None:
    file = jpeg("portrait-sam")
    assert len(file) <= 350 * 1024
    with Image.open(BytesIO(file)) as opened:
        assert opened.format == "JPEG"
        assert opened.info.get("progressive")


@every_picture
def test_every_picture_says_in_words_what_is_drawn(picture: Picture) -> None:
    assert picture.description.startswith("Drawing of ")
    assert picture.description.endswith(".")
    assert len(picture.description) <= 255


@every_picture
def test_every_focal_point_lies_within_its_picture(picture: Picture) -> None:
    assert picture.focal_point is not None
    x, y, width, height = picture.focal_point
    assert x - width / 2 >= 0
    assert y - height / 2 >= 0
    assert x + width / 2 <= picture.width
    assert y + height / 2 <= picture.height


def test_a_picture_nobody_has_drawn_is_refused() -> None:
    with pytest.raises(KeyError):
        draw("palm-beach")
