"""What every page has: an introduction, a lead picture, words for search engines and sharing."""

from functools import cache
from http import HTTPMethod
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList, Panel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page, PagePermissionTester, PageViewRestriction, Site
from wagtail.search import index

from clinic.blocks import StoryBlock
from clinic.frontend.middleware import HEADER, WAGTAIL_PREFIX, policy_for
from clinic.frontend.stylesheet import stylesheet
from clinic.models.editing import PageWithRows, Tabs
from clinic.models.image import ClinicImage, optional_picture

PUBLISH_HOOK = "check_before_publishing"
SUBMITS = {"action-submit", "action-restart-workflow"}  # the editor's buttons
NARROWEST_LEAD = 800  # pixels
LONGEST_NAME_ON_A_BUTTON = 40
PRINT = "print"
# What a link to a page needs, for `.only()`: a page has forty columns.
LINK_COLUMNS = ("title", "path", "depth", "url_path", "live", "show_in_menus")


def with_linked_page(rows: Any, relation: str, *more: str) -> Any:
    """Fetch together with each row of the query set what a link to its page needs, and more of the page's columns."""
    own = [field.name for field in rows.model._meta.concrete_fields]
    return rows.select_related(relation).only(*own, *(f"{relation}__{name}" for name in (*LINK_COLUMNS, *more)))


class PageForm(WagtailAdminPageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin a new page with its outline."""
        if kwargs["instance"].pk is None:
            kwargs["instance"].begin()
        super().__init__(*args, **kwargs)

    def clean_lead_image(self) -> ClinicImage | None:
        """Refuse a new lead picture that would be blurred; an older one does not stop a change of words."""
        image: ClinicImage | None = self.cleaned_data["lead_image"]
        if image and "lead_image" in self.changed_data and image.width < NARROWEST_LEAD:
            raise ValidationError(
                f"This picture is {image.width} pixels wide and would look blurred: a lead picture needs "
                f"{NARROWEST_LEAD} or more."
            )
        return image

    def clean(self) -> dict[str, Any]:
        """Take away an expiry that has passed: a page could not be saved with it."""
        super().clean()
        expiry = self.cleaned_data.get("expire_at")
        # The browser sends it again after each draft, from which it has been taken away already.
        is_old = self.instance.expired or "expire_at" not in self.changed_data
        if expiry and expiry < timezone.now() and is_old:
            self.cleaned_data["expire_at"] = None
        return self.cleaned_data

    def _post_clean(self) -> None:
        """Before the page is published, let other apps add errors: functions that take the form."""
        super()._post_clean()
        if self.data.keys() & {"action-publish", "action-workflow-action", *SUBMITS}:
            # So that its rows are also checked as they are in the form: otherwise `save` puts them on the page later.
            for name, rows in self.formsets.items():
                if name != COMMENTS_RELATION_NAME and rows.is_valid():
                    rows.save(commit=False)
        approves = "action-workflow-action" in self.data and self.data.get("workflow-action-name") == "approve"
        if "action-publish" in self.data or approves:
            for add_errors in hooks.get_hooks(PUBLISH_HOOK):
                add_errors(self)


class PagePermissions(PagePermissionTester):
    """A site's home page cannot be deleted or unpublished: the site and all its settings would go with it."""

    def can_delete(self, *args: Any, **kwargs: Any) -> bool:
        homes = (site.root_path for site in Site.get_site_root_paths())
        is_needed = any(home.startswith(self.page.url_path) for home in homes)
        return not is_needed and bool(super().can_delete(*args, **kwargs))

    def can_unpublish(self) -> bool:
        homes = (site.root_path for site in Site.get_site_root_paths())
        return self.page.url_path not in homes and bool(super().can_unpublish())


class BasePage(PageWithRows):
    introduction = models.TextField(
        max_length=300,
        blank=True,
        help_text="One or two plain sentences. Shown under the title, on cards and in search results.",
    )
    lead_image = optional_picture(
        "Shown at the top of the page and on its cards. The page also looks complete without one."
    )
    share_title = models.CharField(
        max_length=90,
        blank=True,
        help_text="The title when someone shares the page. If empty, the page's own title is used.",
    )
    share_image = optional_picture("The picture when someone shares the page. If empty, the lead picture is used.")

    base_form_class = PageForm
    # What the page shows of other tables, fetched with it.
    shown_together: tuple[str, ...] = ("lead_image", "share_picture")
    shown_on_cards: tuple[str, ...] = ()  # rows that are fetched for all cards of the type together
    # Every page is public: no visitor needs a password, or a cookie.
    private_page_options: tuple[str, ...] = ()
    # Lists in the admin are in the order of the menu.
    admin_default_ordering = "ord"
    # Phones, tablets and desktops are sizes of Wagtail's own preview.
    preview_modes = [("", "Page"), ("search", "Search result"), ("share", "Shared card"), (PRINT, "Print")]
    # Forms post to URLs of their own, not to pages.
    allowed_http_methods = (HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS)
    # The page's type in schema.org.
    schema_type = "WebPage"
    # What its text is written in; the frame around it is in English.
    language = "en-CA"
    # What the page is, above its title in search results.
    kind = "Page"
    # Where the template draws the enquiry form; the daily form check looks for it there.
    shows_enquiry_form = False
    # The template of the list of its subpages on the home page.
    list_template = "components/featured_list.html"

    # The editor's tabs, in this order; `facts_heading` is the second one's.
    facts_heading = "Facts"
    content_panels = [
        TitleFieldPanel("title", help_text="The heading of the page, and the text of links to it."),
        "introduction",
        FieldPanel(
            "lead_image", help_text=f"Shown at the top of the page and on its cards: {NARROWEST_LEAD} pixels or wider."
        ),
    ]
    facts_panels: list[str | Panel] = []
    link_panels: list[str | Panel] = []
    source_panels: list[str | Panel] = []
    promote_panels = [
        FieldPanel(
            "seo_title",
            heading="Title in search results",
            help_text="The line that people click in search results. If empty, the page's own title is used.",
        ),
        FieldPanel(
            "search_description",
            heading="Description in search results",
            help_text="One or two sentences below the title in search results. If empty, the introduction is used.",
        ),
        FieldPanel("share_title"),
        FieldPanel("share_image"),
        HelpPanel(heading="What people will see", template="clinic/admin/search_and_sharing.html"),
        FieldPanel("slug", heading="Address", help_text="The last part of the page's web address, as in “/team/”."),
        FieldPanel("show_in_menus", heading="Menu", help_text="Check to list the page in the menu of the whole site."),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction", boost=2),
        index.AutocompleteField("introduction"),
    ]

    class Meta:
        abstract = True

    @classmethod
    @cache
    def get_edit_handler(cls) -> Panel:
        """Return the editor's form, with a tab for each list of panels that is not empty."""
        tabs = [
            ObjectList(cls.content_panels, heading="Content"),
            ObjectList(cls.facts_panels, heading=cls.facts_heading),
            ObjectList(cls.link_panels, heading="People and links"),
            ObjectList(cls.source_panels, heading="Sources and sign-off"),
            ObjectList(cls.promote_panels, heading="Search and sharing"),
            ObjectList(cls.settings_panels, heading="Settings"),
        ]
        return Tabs(tabs, base_form_class=cls.base_form_class).bind_to_model(cls)

    @property
    def needs_sign_off(self) -> bool:
        """Whether a physiotherapist reads the page after a manager's approval."""
        return False

    def begin(self) -> None:
        """Fill in what an editor finds on a new page."""

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        own = f"clinic/previews/{mode_name}.html"
        return own if mode_name in {"search", "share"} else str(super().get_preview_template(request, mode_name))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Return the preview; for print, with the rules for paper on screen, which only the admin's policy allows."""
        response: TemplateResponse = super().serve_preview(request, mode_name)
        if mode_name == PRINT:
            response.render()
            html = response.content.replace(stylesheet().link.encode(), b"")
            response.content = html.replace(b"@media print", b"@media all")
            response[HEADER] = policy_for(WAGTAIL_PREFIX, "")
        return response

    @property
    def title_for_search(self) -> str:
        """The title before the clinic's name in browser tabs and search results."""
        return self.seo_title or self.title

    @property
    def title_for_sharing(self) -> str:
        return self.share_title or self.title

    @property
    def enquiry_topic_name(self) -> str:
        """What an enquiry from this page is about, as in “Ask about …”; nothing where that would read oddly."""
        return ""

    @property
    def ask_words(self) -> str:
        """The text of the button to the form; a long name would fill a phone's screen."""
        name = self.enquiry_topic_name
        return f"Ask about {name}" if 0 < len(name) <= LONGEST_NAME_ON_A_BUTTON else "Ask us about this"

    @classmethod
    def pages_below(cls, page: Page) -> list[Page]:
        """Return what `list_template` shows of the page."""
        return list(page.get_children().live())

    def permissions_for_user(self, user: User | AnonymousUser) -> PagePermissions:
        return PagePermissions(user, self)

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """None, as `private_page_options` is empty. Saves two queries for each page."""
        return PageViewRestriction.objects.none()


class StoryPage(BasePage):
    """A page with a body of blocks."""

    body = StreamField(
        StoryBlock(), blank=True, help_text="The page, block by block. On a list of pages, it is shown below the list."
    )

    content_panels = [*BasePage.content_panels, "body"]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        abstract = True


class StandardPage(StoryPage):
    """A plain page, for example about the clinic, privacy or accessibility."""

    parent_page_types = ["clinic.HomePage", "clinic.StandardPage"]


class FrenchPage(StandardPage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    language = "fr-CA"

    class Meta:
        verbose_name = "French page"
