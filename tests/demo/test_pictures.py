from typing import Any

import pytest
from PIL import Image

from clinic.demo import words
from tests.demo.loading import PICTURES

LARGEST_TOGETHER = 2.5 * 1024 * 1024


def test_the_pictures_together_are_small_enough_for_the_repository() -> None:
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) <= LARGEST_TOGETHER
    assert {file.stem for file in PICTURES.iterdir()} == words.read_pictures().keys()


def test_no_two_pages_share_their_lead_picture_and_none_is_left_over() -> None:
    leading = [page["lead_image"].removeprefix("picture:") for page in words.read_pages() if "lead_image" in page]
    assert sorted(leading) == sorted(words.read_pictures())


@pytest.mark.parametrize(("name", "picture"), words.read_pictures().items())
def test_a_picture_has_a_description_and_a_focal_point_within_it(name: str, picture: dict[str, Any]) -> None:
    x, y, width, height = picture["focal_point"]
    with Image.open(PICTURES / f"{name}.jpg") as opened:
        assert opened.format == "JPEG"
        assert width / 2 <= x <= opened.width - width / 2
        assert height / 2 <= y <= opened.height - height / 2
    assert picture["description"].startswith("Drawing of ")
    assert len(picture["description"]) <= 255
