"""The main menu, the footer's links and the breadcrumbs."""

from dataclasses import dataclass
from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page, Site

from clinic.models.base import LINK_COLUMNS

# As many as fit in one row, and on a phone's screen without scrolling.
MENU_LENGTH = 6


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    is_current: bool
    language: str = ""


@dataclass(frozen=True)
class Navigation:
    """`menu`: the first six pages below home that editors put in menus; `footer`: the other pages below home, so that
    each page can be reached; `breadcrumbs`: from home to the page's parent.
    """

    menu: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()
    breadcrumbs: tuple[Link, ...] = ()

    @classmethod
    def for_request(cls, request: HttpRequest, page: Page | None = None) -> Self:
        """Return the links for this page or, without a page (search, enquiry form), the menu and footer alone.

        One query, however many pages there are.
        """
        site = Site.find_for_request(request)
        if site is None:
            return cls()

        home, start = site.root_page, reverse("wagtail_serve", args=[""])

        def link(target: Any) -> Link:
            is_current = page is not None and page.path.startswith(target.path)
            model = ContentType.objects.get_for_id(target.content_type_id).model_class()
            url = start + target.url_path.removeprefix(home.url_path)
            return Link(target.title, url, is_current, getattr(model, "language", ""))

        # Rows, which are made in a third of the time of pages.
        pages = Page.objects.live().values_list("pk", "content_type_id", *LINK_COLUMNS, named=True)
        # From home down to the page's parent; nothing for home and for pages of another site.
        depths = range(home.depth, page.depth) if page and page.is_descendant_of(home) else ()
        above = [page.path[: depth * page.steplen] for depth in depths] if page else []
        found = list(pages.filter(Q(path__startswith=home.path, depth=home.depth + 1) | Q(path__in=above)))
        below_home = [target for target in found if target.depth == home.depth + 1]
        in_menus = [link(target) for target in below_home if target.show_in_menus]
        others = [link(target) for target in below_home if not target.show_in_menus]
        return cls(
            menu=tuple(in_menus[:MENU_LENGTH]),
            footer=tuple(in_menus[MENU_LENGTH:] + others),
            breadcrumbs=tuple(link(target) for target in found if target.path in above),
        )
