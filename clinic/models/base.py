"""What every page has: an introduction, a lead picture, words for search engines and sharing."""

from __future__ import annotations

from http import HTTPMethod

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

LONGEST_NAME_ON_A_BUTTON = 40


class BasePage(Page):
    introduction = models.TextField(
        max_length=300,
        blank=True,
        help_text="One or two plain sentences. Shown under the title, on cards and in search results.",
    )
    lead_image = models.ForeignKey(
        "clinic.ClinicImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown at the top of the page and on its cards. The page looks complete without one, too.",
    )
    share_title = models.CharField(
        max_length=90,
        blank=True,
        help_text="The title when somebody shares the page in a message. Empty: the page's own title.",
    )
    share_image = models.ForeignKey(
        "clinic.ClinicImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The picture when somebody shares the page. Empty: the lead picture.",
    )

    # Every page is public: nobody is asked for a password, so no visitor ever needs a cookie.
    private_page_options: tuple[str, ...] = ()
    # Pages are read; what is sent goes to addresses of its own.
    allowed_http_methods = (HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS)
    # What schema.org calls such a page.
    schema_type = "WebPage"
    # Where the template draws the enquiry form; the daily form check looks for it there.
    shows_enquiry_form = False
    # How the home page draws the pages below such a page, when it is featured there.
    list_template = "components/featured_list.html"

    content_panels = [*Page.content_panels, "introduction", "lead_image"]
    promote_panels = [
        *Page.promote_panels,
        MultiFieldPanel([FieldPanel("share_title"), FieldPanel("share_image")], heading="When the page is shared"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction", boost=2),
        index.AutocompleteField("introduction"),
    ]

    class Meta:
        abstract = True

    @property
    def title_for_search(self) -> str:
        """What stands before the clinic's name in the browser's tab and in result lists."""
        return self.seo_title or self.title

    @property
    def title_for_sharing(self) -> str:
        return self.share_title or self.title

    @property
    def enquiry_topic_name(self) -> str:
        """What an enquiry sent from this page is about, as it stands in “Ask about …”."""
        return self.title

    @property
    def ask_words(self) -> str:
        """The words of a button that leads to the form; a long name would fill a phone's screen."""
        name = self.enquiry_topic_name
        return f"Ask about {name}" if len(name) <= LONGEST_NAME_ON_A_BUTTON else "Ask us about this"

    @classmethod
    def pages_below(cls, _page: Page) -> list[Page] | None:
        """Return what `list_template` shows of the page; None when the live pages below it, as plain pages, will do."""
        return None
