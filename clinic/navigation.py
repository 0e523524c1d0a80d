"""The main menu and the breadcrumbs, both from the page tree by one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from treebeard.mp_tree import MP_Node
from wagtail.models import Page, Site

from clinic.models.details import ClinicDetails

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Navigation:
    """`menu`: the pages below home that editors put into menus; `footer`: the others below home, so that no page
    is without a way to it; `breadcrumbs`: from home to the page's parent; `linked`: by number, the live pages that
    notices name.
    """

    menu: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    breadcrumbs: tuple[Link, ...] = ()
    linked: dict[int, Link] = field(default_factory=dict)

    @classmethod
    def for_request(cls, request: HttpRequest, page: Page | None = None) -> Navigation:
        """Return the links for this page, or, without a page (search, enquiry form), the menu alone."""
        site = Site.find_for_request(request)
        if site is None:
            return cls()
        home = site.root_page
        ancestors = ancestor_paths(page, home) if page is not None else []
        named = {notice.page for notice in ClinicDetails.for_request(request).notices if notice.page}
        below_home = Q(path__startswith=home.path, depth=home.depth + 1)
        pages = list(
            Page.objects.live()
            .filter(below_home | Q(path__in=ancestors) | Q(pk__in=named))
            .order_by("path")
            .only("title", "slug", "path", "depth", "url_path", "locale_id", "content_type_id", "show_in_menus")
        )
        here = page.path if page is not None else ""

        def link(target: Page) -> Link:
            return Link(target.title, target.get_url(request, current_site=site) or "/", here.startswith(target.path))

        return cls(
            menu=tuple(link(p) for p in pages if p.depth == home.depth + 1 and p.show_in_menus),
            footer=tuple(link(p) for p in pages if p.depth == home.depth + 1 and not p.show_in_menus),
            breadcrumbs=tuple(link(p) for p in pages if p.path in ancestors),
            linked={p.pk: link(p) for p in pages if p.pk in named},
        )


def ancestor_paths(page: Page, home: Page) -> list[str]:
    """Return the tree paths from home down to the page's parent; none for home and for pages outside it."""
    if not page.path.startswith(home.path):
        return []
    lengths = range(len(home.path), len(page.path), MP_Node.steplen)
    return [page.path[:length] for length in lengths]
