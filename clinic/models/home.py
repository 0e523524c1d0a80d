"""The home page."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import InlinePanel
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from clinic.models.base import BasePage, StoryPage, with_linked_page
from clinic.models.editing import PageRow
from clinic.models.image import with_pictures
from clinic.models.team import PractitionerPage

MOST_PEOPLE = 8


class HomePage(StoryPage):
    parent_page_types = ["wagtailcore.Page"]

    headline = models.CharField(
        max_length=90, help_text="One sentence, shown over the first picture, that says what the clinic does."
    )
    featured_heading = models.CharField(
        max_length=90,
        blank=True,
        default="What we do, and what to expect",
        help_text="Shown above the cards of the featured pages.",
    )

    content_panels = [*BasePage.content_panels, "headline", "body"]
    link_panels = [
        "featured_heading",
        InlinePanel(
            "featured_pages",
            label="Featured page",
            help_text="Shown as cards, in this order. A page with pages below it is shown as a list of them.",
        ),
    ]
    search_fields = [*StoryPage.search_fields, index.SearchField("headline")]

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
        found = self.get_descendants().live().filter(url_path=url_path).values_list("pk", "content_type").first()
        model: Any = ContentType.objects.get_for_id(found[1]).model_class() if found else None
        if found is None or model is None:
            raise Http404
        return RouteResult(model.objects.select_related(*model.shown_together).get(pk=found[0]))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        links = with_linked_page(self.featured_pages, "page", "content_type", "numchild", "search_description")
        live = [link.page for link in links if link.page.live]
        cards = Page.objects.specific().in_bulk([page.pk for page in live if not page.numchild])
        context["featured_pages"] = [cards[page.pk] for page in live if page.pk in cards]
        # Those with pages below them are lists, each with a template of its own.
        context["featured_lists"] = [
            {"page": page, "pages": model.pages_below(page), "template": model.list_template}
            for page in live
            if page.numchild and (model := page.specific_class)
        ]
        models.prefetch_related_objects([self, *context["featured_pages"]], "lead_image__renditions")
        for page_type in {type(page) for page in context["featured_pages"]}:
            same = [page for page in context["featured_pages"] if type(page) is page_type]
            models.prefetch_related_objects(same, *page_type.shown_on_cards)
        people = PractitionerPage.objects.descendant_of(self).live().defer_streamfields()
        context["people"] = with_pictures(people)[:MOST_PEOPLE]
        return context


class FeaturedPage(PageRow):
    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_pages")
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")

    panels = ["page"]

    def __str__(self) -> str:
        return f"featured page {self.page_id}"
