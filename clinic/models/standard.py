"""Plain pages, for example about the clinic, privacy or accessibility; one of them in French."""

from wagtail.fields import StreamField
from wagtail.search import index

from clinic.blocks import StoryBlock
from clinic.models.base import BasePage


class StandardPage(BasePage):
    parent_page_types = ["clinic.HomePage", "clinic.StandardPage"]

    body = StreamField(StoryBlock(), blank=True, help_text="The page, block by block.")

    content_panels = [*BasePage.content_panels, "body"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "standard page"


class FrenchPage(StandardPage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    language = "fr-CA"

    class Meta:
        verbose_name = "French page"
