"""The main menu, the footer's links and the breadcrumbs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wagtail.models import Page, Site

from clinic.models.details import ClinicDetails

if TYPE_CHECKING:
    from django.http import HttpRequest

# As many as fit in one row, and on a phone's screen without scrolling.
MENU_LENGTH = 5


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Navigation:
    """`menu`: the first five pages below home that editors put in menus; `footer`: the other pages below home, so that
    each page can be reached; `breadcrumbs`: from home to the page's parent; `linked`: the live pages that
    announcements link to, by primary key.
    """

    menu: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    breadcrumbs: tuple[Link, ...] = ()
    linked: dict[int, Link] = field(default_factory=dict)

    @classmethod
    def for_request(cls, request: HttpRequest, page: Page | None = None) -> Navigation:
        """Return the links for this page or, without a page (search, enquiry form), the menu and footer alone.

        At most three queries, however many pages there are.
        """
        site = Site.find_for_request(request)
        if site is None:
            return cls()

        def link(target: Page) -> Link:
            is_current = page is not None and page.path.startswith(target.path)
            return Link(target.title, target.get_url(request) or "/", is_current)

        below_home = [(target.show_in_menus, link(target)) for target in Page.objects.child_of(site.root_page).live()]
        in_menus = [target for show_in_menus, target in below_home if show_in_menus]
        others = [target for show_in_menus, target in below_home if not show_in_menus]
        announced = {one.page_id for one in ClinicDetails.for_request(request).announcements if one.page_id}
        linked = Page.objects.live().filter(pk__in=announced) if announced else ()
        return cls(
            menu=tuple(in_menus[:MENU_LENGTH]),
            footer=tuple(in_menus[MENU_LENGTH:] + others),
            breadcrumbs=tuple(link(above) for above in ancestors(page, site.root_page)),
            linked={target.pk: link(target) for target in linked},
        )


def ancestors(page: Page | None, home: Page) -> list[Page]:
    """Return the live pages from home down to the page's parent; none for home and for pages of another site."""
    if page is None or not page.is_descendant_of(home):
        return []
    return list(page.get_ancestors().descendant_of(home, inclusive=True).live())
