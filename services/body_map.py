"""“Where does it hurt?”: what each place of the drawn body leads to. Pure functions over pages.

Editors choose the places on each condition's page, and may say how it can feel there. Each place leads to a short list
of these, never to one condition alone: a shoulder is not a diagnosis. Some places lead to emergency wording first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db.models import TextChoices

if TYPE_CHECKING:
    from collections.abc import Iterable


class Region(TextChoices):
    """The places of the body from head to foot, which is also the order of the list."""

    HEAD = "head", "Head and jaw"
    NECK = "neck", "Neck"
    SHOULDER = "shoulder", "Shoulder"
    CHEST = "chest", "Chest"
    ELBOW = "elbow", "Elbow"
    HAND = "hand", "Wrist and hand"
    UPPER_BACK = "upper-back", "Upper back"
    LOW_BACK = "low-back", "Low back"
    BELLY = "belly", "Belly"
    HIP = "hip", "Hip and pelvis"
    KNEE = "knee", "Knee"
    CALF = "calf", "Calf"
    FOOT = "foot", "Ankle and foot"
    WHOLE_BODY = "whole-body", "Whole body"


# What hurts there may be an emergency: their wording is in `services/components/pain_warning.html`.
URGENT = {Region.HEAD, Region.CHEST, Region.BELLY, Region.CALF}


class ConditionLike(Protocol):
    """What a map is made of: a live condition page, or a test's. `feelings`: lines such as “Knee: aches on stairs”."""

    title: str
    regions: list[str]
    feelings: str

    @property
    def url(self) -> str | None: ...


@dataclass(frozen=True)
class Spot:
    """Where a place is on the drawing, from the middle of a figure's crown: beside, down; `touch` is the middle of
    its target, which is 98 wide and high (44 pixels where the drawing is 306 wide) and meets no other's. On both
    figures, unless `only` names one.
    """

    beside: int
    down: int
    touch: int
    only: str = ""

    @property
    def is_paired(self) -> bool:
        return self.beside > 0

    @property
    def top(self) -> int:
        return self.down - TARGET // 2

    @property
    def left(self) -> int:
        return self.touch - TARGET // 2

    @property
    def mirrored(self) -> int:
        """The target's left edge on the other side of the body."""
        return -self.touch - TARGET // 2


TARGET = 98
SPOTS = {
    Region.HEAD: Spot(0, 54, 0),
    Region.NECK: Spot(0, 152, 0),
    Region.SHOULDER: Spot(92, 198, 98),
    Region.CHEST: Spot(0, 250, 0, only="front"),
    Region.ELBOW: Spot(113, 322, 113),
    Region.HAND: Spot(139, 470, 121),
    Region.UPPER_BACK: Spot(0, 250, 0, only="back"),
    Region.LOW_BACK: Spot(0, 348, 0, only="back"),
    Region.BELLY: Spot(0, 348, 0, only="front"),
    Region.HIP: Spot(56, 446, 22),
    Region.KNEE: Spot(40, 603, 49),
    Region.CALF: Spot(42, 701, 49, only="back"),
    Region.FOOT: Spot(44, 799, 49),
}


@dataclass(frozen=True)
class Possibility:
    """How it may feel, or the page's title; and the page that tells more."""

    words: str
    page: ConditionLike


@dataclass(frozen=True)
class Place:
    """A place that is a link to its list; `spot` is None for the whole body, which is a word between the figures."""

    region: Region
    possibilities: list[Possibility]

    @property
    def spot(self) -> Spot | None:
        return SPOTS.get(self.region)

    @property
    def anchor(self) -> str:
        return f"pain-{self.region.value}"

    @property
    def is_urgent(self) -> bool:
        return self.region in URGENT


def body_map(pages: Iterable[ConditionLike]) -> list[Place]:
    """Return the places that a page names or that may be urgent, from head to foot."""
    pages = list(pages)
    places = [Place(region, [one for page in pages for one in possibilities(page, region)]) for region in Region]
    return [place for place in places if place.possibilities or place.is_urgent]


def possibilities(page: ConditionLike, region: Region) -> list[Possibility]:
    """Return what the page's `feelings` say about the place; its title if it only names the place."""
    lines = (line.partition(":") for line in page.feelings.splitlines())
    found = [words.strip() for name, _colon, words in lines if name.strip().lower() == region.label.lower()]
    return [Possibility(words, page) for words in found or ([page.title] if region in page.regions else [])]
