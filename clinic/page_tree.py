"""The live pages of all sites, as menus, breadcrumbs, links and addresses need them: read by one query, and kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wagtail.models import Page, Site

from clinic.kept import kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest
    from wagtail.models.sites import SiteRootPath

COLUMNS = ("pk", "title", "path", "url_path", "show_in_menus", "content_type_id")


@dataclass
class Place:
    """A live page. `path` is its place in the tree; `url_path` begins with the slug of home, as Wagtail keeps it."""

    pk: int
    title: str
    path: str
    url_path: str
    show_in_menus: bool
    content_type_id: int
    _urls: dict[int | None, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def url(self) -> str:
        return self.url_on(None)

    def url_on(self, site: Site | None) -> str:
        """Return the page's address as Wagtail writes it on this site: with the host where it is on another one."""
        number = site.pk if site else None
        if number not in self._urls:
            page = Page(pk=self.pk, url_path=self.url_path)
            know_roots(page)
            self._urls[number] = page.get_url(current_site=site) or ""
        return self._urls[number]


class PageTree:
    def __init__(self, places: Iterable[Place]) -> None:
        """Take the places in the order of the tree."""
        self.by_number: dict[int, Place] = {}
        self.by_path: dict[str, Place] = {}
        self.by_url_path: dict[str, Place] = {}
        self._below: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            self.by_number[place.pk] = self.by_path[place.path] = self.by_url_path[place.url_path] = place
            self._below[place.path[: -Page.steplen]].append(place)

    @classmethod
    def read(cls) -> PageTree:
        return cls(Place(*row) for row in Page.objects.live().order_by("path").values_list(*COLUMNS))

    def below(self, path: str) -> list[Place]:
        """Return the live pages right below the page with this tree path."""
        return self._below.get(path, [])


def page_tree() -> PageTree:
    return kept("page tree", PageTree.read)


def know_roots(holder: Page | HttpRequest) -> None:
    """Tell a page or a request the sites' roots, which Wagtail would read from the cache for each of them."""
    roots: list[SiteRootPath] = kept("site roots", Site.get_site_root_paths)
    # Where Wagtail looks for them.
    holder.__dict__["_wagtail_cached_site_root_paths"] = roots
