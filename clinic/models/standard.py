"""A plain page, for example about the clinic, privacy or accessibility."""

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
