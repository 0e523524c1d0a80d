"""The demo clinic's pictures, drawn anew wherever the demo is loaded."""

from __future__ import annotations

import pytest

from clinic.demo.pictures import PICTURES


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_in_its_size_and_with_something_on_it(name: str) -> None:
    picture = PICTURES[name]
    drawn = picture.draw().convert("RGB")
    assert drawn.size == (picture.width, picture.height)
    assert len(drawn.resize((64, 36)).getcolors(64 * 36) or []) > 64
    assert picture.description.startswith("Drawing of ")


def test_focal_points_lie_on_their_pictures() -> None:
    for picture in PICTURES.values():
        if picture.focal_point:
            x, y, width, height = picture.focal_point
            assert width / 2 <= x <= picture.width - width / 2
            assert height / 2 <= y <= picture.height - height / 2
