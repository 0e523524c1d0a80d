"""The main menu, the footer's links and the breadcrumbs, all from the page tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wagtail.models import Page, Site

from clinic.models.details import ClinicDetails
from clinic.page_tree import page_tree

if TYPE_CHECKING:
    from django.http import HttpRequest

    from clinic.page_tree import Place


# What one row holds, and a phone's screen without scrolling.
MENU_LENGTH = 5


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Navigation:
    """`menu`: the first five pages below home that editors put into menus; `footer`: the others below home, so that
    no page is without a way to it; `breadcrumbs`: from home to the page's parent; `linked`: by number, the live pages
    that announcements link to.
    """

    menu: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    breadcrumbs: tuple[Link, ...] = ()
    linked: dict[int, Link] = field(default_factory=dict)
    # What menu and footer depend on: the site, and the page below home where the visitor is; None without a site.
    key: tuple[int, str] | None = None

    @classmethod
    def for_request(cls, request: HttpRequest, page: Page | None = None) -> Navigation:
        """Return the links for this page, or, without a page (search, enquiry form), the menu alone."""
        site = Site.find_for_request(request)
        if site is None:
            return cls()
        home, tree = site.root_page, page_tree()
        named = {one.page_id for one in ClinicDetails.for_request(request).announcements if one.page_id}
        here = page.path if page is not None else ""
        below_home = tree.below(home.path)
        above = ancestor_paths(page, home) if page is not None else []

        def link(place: Place) -> Link:
            return Link(place.title, place.url_on(site) or "/", here.startswith(place.path))

        in_menus = [place for place in below_home if place.show_in_menus]
        others = [place for place in below_home if not place.show_in_menus]
        return cls(
            menu=tuple(link(place) for place in in_menus[:MENU_LENGTH]),
            footer=tuple(link(place) for place in in_menus[MENU_LENGTH:] + others),
            breadcrumbs=tuple(link(tree.by_path[path]) for path in above if path in tree.by_path),
            linked={pk: link(tree.by_number[pk]) for pk in named if pk in tree.by_number},
            key=(site.pk, here[: len(home.path) + Page.steplen]),
        )


def ancestor_paths(page: Page, home: Page) -> list[str]:
    """Return the tree paths from home down to the page's parent; none for home and for pages outside it."""
    if not page.path.startswith(home.path):
        return []
    lengths = range(len(home.path), len(page.path), Page.steplen)
    return [page.path[:length] for length in lengths]
