"""The demo clinic's pictures: drawn by Pillow, the same on every machine, no photographs and no faces."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from clinic.demo.art import birches, evenings, portraits, river, summers, winters


@dataclass(frozen=True)
class Picture:
    """One picture: its file stem, what it shows in words, its size in pixels and how it is drawn.

    The focal point is what a crop must keep, as Wagtail stores it: the middle's x and y, then width and height.
    """

    name: str
    description: str
    width: int
    height: int
    focal_point: tuple[int, int, int, int] | None
    draw: Callable[[], Image.Image]


def _landscape(
    name: str, painter: Callable[[], Image.Image], focal_point: tuple[int, int, int, int], description: str
) -> Picture:
    return Picture(name, description, 1600, 900, focal_point, painter)


def _portrait(name: str, painter: Callable[[], Image.Image], description: str) -> Picture:
    return Picture(name, description, 960, 960, (480, 430, 560, 420), painter)


PICTURES: dict[str, Picture] = {
    picture.name: picture
    for picture in (
        _landscape(
            "low-sun",
            evenings.low_sun,
            (1205, 500, 560, 400),
            "Drawing of a low sun beside a far ridge, with layers of hills and spruces under a teal evening sky.",
        ),
        _landscape(
            "aurora",
            evenings.aurora,
            (800, 420, 800, 560),
            "Drawing of green and violet northern lights above dark mountains, mirrored in a still lake.",
        ),
        _landscape(
            "river-ice",
            river.river_ice,
            (900, 600, 800, 500),
            "Drawing of a winter river full of ice floes, winding through snow under a pink and blue sky.",
        ),
        _landscape(
            "fireweed-summer",
            summers.fireweed_summer,
            (700, 640, 900, 460),
            "Drawing of a slope of magenta fireweed above a green valley, with mountains and a low summer sun behind.",
        ),
        _landscape(
            "first-snow",
            winters.first_snow,
            (1250, 560, 600, 560),
            "Drawing of spruces dusted with snow before white and grey mountains, with a few flakes falling.",
        ),
        _landscape(
            "spruce-morning",
            summers.spruce_morning,
            (600, 460, 800, 520),
            "Drawing of rows of spruces fading into morning mist, with a pale sun above distant mountains.",
        ),
        _landscape(
            "lake-evening",
            evenings.lake_evening,
            (930, 500, 900, 440),
            "Drawing of mountains and a line of spruces mirrored in a still lake after sunset.",
        ),
        _landscape(
            "autumn-birch",
            birches.autumn_birch,
            (800, 540, 800, 560),
            "Drawing of a valley of golden trees and dark spruces with a river, seen between white birch trunks.",
        ),
        _landscape(
            "clinic-street",
            winters.clinic_street,
            (660, 590, 660, 400),
            "Drawing of a small green building with lit windows and a pink door, by a snowy street below clay cliffs.",
        ),
        _portrait(
            "portrait-robin",
            portraits.robin,
            "Drawing of the initials R S on a teal evening sky above mountains and spruces.",
        ),
        _portrait(
            "portrait-jo",
            portraits.jo,
            "Drawing of the initials J E on a blue and pink evening sky above mountains and spruces.",
        ),
        _portrait(
            "portrait-alex",
            portraits.alex,
            "Drawing of the initials A D on a pale green morning sky above mountains and spruces.",
        ),
        _portrait(
            "portrait-sam",
            portraits.sam,
            "Drawing of the initials S P on a plum and orange evening sky above mountains and spruces.",
        ),
    )
}


def draw(name: str) -> Image.Image:
    """Draw the picture of this name; an unknown name is a KeyError."""
    return PICTURES[name].draw()


def jpeg(name: str) -> bytes:
    """The picture as a file for the image library."""
    file = BytesIO()
    draw(name).save(file, "JPEG", quality=88, progressive=True, optimize=True)
    return file.getvalue()
