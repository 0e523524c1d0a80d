"""Plain pages, for example about the clinic, privacy or accessibility; one of them in French."""

from clinic.models.base import StoryPage


class StandardPage(StoryPage):
    parent_page_types = ["clinic.HomePage", "clinic.StandardPage"]


class FrenchPage(StandardPage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    language = "fr-CA"

    class Meta:
        verbose_name = "French page"
