"""“Where does it hurt?”: what each place of the drawn body leads to. Pure functions over pages.

The places are in `body_map.toml`. Editors choose them on each condition's page, and may say how it can feel there. Each
place leads to a short list of these, never to one condition alone: a shoulder is not a diagnosis. Some places lead to
emergency wording first.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple


class Region(NamedTuple):
    """A place of the body by its short name; `spot` says where it is on the drawing."""

    name: str
    label: str
    is_urgent: bool = False
    spot: dict[str, Any] | None = None


REGIONS = [
    Region(name, **region)
    for name, region in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
]


class Possibility(NamedTuple):
    """How it may feel, or the page's title; and the page that tells more."""

    words: str
    page: Any


class Place(NamedTuple):
    """A place that is a link to its list."""

    region: Region
    possibilities: list[Possibility]

    @property
    def anchor(self) -> str:
        return f"pain-{self.region.name}"


def body_map(pages: Iterable[Any]) -> list[Place]:
    """Return the places that a condition's page names or that may be urgent, from head to foot."""
    pages = list(pages)
    places = [Place(region, [one for page in pages for one in possibilities(page, region)]) for region in REGIONS]
    return [place for place in places if place.possibilities or place.region.is_urgent]


def possibilities(page: Any, region: Region) -> list[Possibility]:
    """Return what the page's `feelings` say about the place; its title if it only names the place."""
    lines = (line.partition(":") for line in page.feelings.splitlines())
    found = [words.strip() for name, _colon, words in lines if name.strip().lower() == region.label.lower()]
    return [Possibility(words, page) for words in found or ([page.title] if region.name in page.regions else [])]
