"""“Where does it hurt?”: which place on the drawn body leads to which condition. Pure functions over pages.

Editors choose the places on each condition's page. A place that one page names leads straight to it; a place that
several name leads to a small list of them beside the drawing; a place that none names is drawn and is no link.
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
    ELBOW = "elbow", "Elbow"
    HAND = "hand", "Wrist and hand"
    UPPER_BACK = "upper-back", "Upper back"
    LOW_BACK = "low-back", "Low back"
    HIP = "hip", "Hip and pelvis"
    KNEE = "knee", "Knee"
    FOOT = "foot", "Ankle and foot"
    WHOLE_BODY = "whole-body", "Whole body"


class ConditionLike(Protocol):
    """What a map is made of: a live condition page, or a test's."""

    title: str
    regions: list[str]

    @property
    def url(self) -> str | None: ...


@dataclass(frozen=True)
class Spot:
    """Where a place is on the drawing, from the middle of a figure's crown: beside, down; `touch` is the middle of
    its target, which is 98 wide and high (44 pixels where the drawing is 306 wide) and meets no other's.
    """

    beside: int
    down: int
    touch: int
    on_the_front: bool = True

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
    Region.ELBOW: Spot(113, 322, 113),
    Region.HAND: Spot(139, 470, 121),
    Region.UPPER_BACK: Spot(0, 250, 0, on_the_front=False),
    Region.LOW_BACK: Spot(0, 348, 0, on_the_front=False),
    Region.HIP: Spot(56, 446, 22),
    Region.KNEE: Spot(40, 603, 49),
    Region.FOOT: Spot(44, 799, 49),
}


@dataclass(frozen=True)
class Place:
    """A place that is a link; `spot` is None for the whole body, which is a word between the figures."""

    region: Region
    address: str
    spot: Spot | None


@dataclass(frozen=True)
class Row:
    """A line of the list: one page, or places with the several pages that name them."""

    pages: list[ConditionLike]
    regions: tuple[Region, ...] = ()

    @property
    def heading(self) -> str:
        return ", ".join(region.label if region == self.regions[0] else region.label.lower() for region in self.regions)

    @property
    def anchor(self) -> str:
        return f"pain-{self.regions[0].value}"


@dataclass(frozen=True)
class BodyMap:
    places: list[Place]
    rows: list[Row]


def body_map(pages: Iterable[ConditionLike]) -> BodyMap:
    """Return the links of the drawing, and the list beside it: each page at least once, from head to foot."""
    pages = list(pages)
    named = {region: [page for page in pages if region in page.regions] for region in Region}
    groups = _groups(named)
    places, rows = [], []
    for region, those in named.items():
        group = groups.get(region)
        if those:
            address = f"#{group.anchor}" if group else those[0].url or ""
            places.append(Place(region, address, SPOTS.get(region)))
        if group and group.regions[0] == region:
            rows.append(group)
        for page in those:
            own = [name for name in Region if name in page.regions]
            if own[0] == region and not any(name in groups for name in own):
                rows.append(Row([page]))
    rows += [Row([page]) for page in pages if not any(region in page.regions for region in Region)]
    return BodyMap(places, rows)


def _groups(named: dict[Region, list[ConditionLike]]) -> dict[Region, Row]:
    """Return the row of every place that several pages name; places with the same pages share one."""
    groups = {}
    for region, pages in named.items():
        if len(pages) > 1:
            alike = tuple(other for other, those in named.items() if those == pages)
            groups[region] = Row(pages, alike)
    return groups
