"""The home page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from clinic.blocks import StoryBlock
from clinic.models.base import BasePage
from clinic.models.image import fetch_pictures, with_pictures
from clinic.models.team import PractitionerPage

MOST_PEOPLE = 8


class HomePage(BasePage):
    parent_page_types = ["wagtailcore.Page"]

    headline = models.CharField(
        max_length=90,
        help_text="One sentence on the first picture that says what the clinic does.",
    )
    featured_heading = models.CharField(
        max_length=90,
        blank=True,
        default="What we do, and what to expect",
        help_text="Shown above the cards of the featured pages.",
    )
    body = StreamField(StoryBlock(), blank=True, help_text="Shown below the cards.")

    content_panels = [
        *BasePage.content_panels,
        "headline",
        "body",
    ]
    link_panels = [
        "featured_heading",
        InlinePanel(
            "featured_pages",
            label="Featured page",
            help_text="Shown as cards, in this order. A page with pages below it is shown as a list of them.",
        ),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("headline"), index.SearchField("body")]

    class Meta:
        verbose_name = "home page"

    def clean(self) -> None:
        super().clean()
        if self.expire_at and self.sites_rooted_here.exists():
            raise ValidationError({"expire_at": "This is the home page of the site, so it cannot expire."})

    @property
    def title_for_search(self) -> str:
        return self.seo_title  # else the clinic's name: the page's own title is for editors

    @property
    def title_for_sharing(self) -> str:
        return self.share_title or self.headline

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page by its whole path and fetch it with what it shows: two queries, however deep it is. No page
        type here routes on its own.
        """
        if not path_components:
            return super().route(request, path_components)
        url_path = f"{self.url_path}{'/'.join(path_components)}/"
        page = self.get_descendants().live().filter(url_path=url_path).only("content_type").first()
        model = page.specific_class if page else None
        if page is None or model is None:
            raise Http404
        return RouteResult(model.objects.select_related(*model.shown_together).get(pk=page.pk))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        featured, lists = self.featured()
        fetch_pictures([self, *featured])
        context["featured_pages"] = featured
        context["featured_lists"] = self.lists_of(lists)
        people = with_pictures(
            PractitionerPage.objects.descendant_of(self).live().only(*PractitionerPage.SHORT_COLUMNS)
        )
        context["people"] = people[:MOST_PEOPLE]
        return context

    def featured(self) -> tuple[list[BasePage], list[Page]]:
        """Return the featured pages that are live, in the editor's order: those to draw as cards, as their own
        types, and those that are themselves a list of pages.
        """
        links = self.featured_pages.select_related("page__content_type")
        live = [link.page for link in links if link.page.live]
        ids_by_type: dict[type[BasePage], list[int]] = defaultdict(list)
        for page in live:
            if not page.numchild:
                ids_by_type[page.specific_class].append(page.pk)
        cards = {page.pk: page for model, ids in ids_by_type.items() for page in model.objects.filter(pk__in=ids)}
        return [cards[page.pk] for page in live if page.pk in cards], [page for page in live if page.numchild]

    def lists_of(self, pages: Iterable[Page]) -> list[FeaturedList]:
        """Return the pages with the live pages below each: one query, and one for each kind that fetches its own."""
        lists = [FeaturedList(page, page.specific_class.pages_below(page)) for page in pages]
        plain = {list_.page.path: list_ for list_ in lists if list_.pages is None}
        if plain:
            children = (Q(path__startswith=path, depth=list_.page.depth + 1) for path, list_ in plain.items())
            below = defaultdict(list)
            for child in Page.objects.filter(Q(*children, _connector=Q.OR)).live().order_by("path"):
                below[child.path[: -Page.steplen]].append(child)
            for path, list_ in plain.items():
                list_.pages = below[path]
        return lists


@dataclass
class FeaturedList:
    """A featured page that is itself a list, and what it lists."""

    page: Page
    pages: list[Page] | None

    @property
    def template(self) -> str:
        return str(self.page.specific_class.list_template)


class FeaturedPage(Orderable):
    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_pages")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")

    panels = ["page"]

    def __str__(self) -> str:
        return f"featured page {self.page_id}"
