"""A treatment, the list of them, and the page of their fees."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.panels import InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from clinic.lib.text import in_a_sentence
from clinic.models import PractitionerPage
from clinic.models.base import StoryPage, with_linked_page
from clinic.models.image import with_pictures
from services.blocks import PlanBlock
from services.models.condition import ConditionPage
from services.models.linked_pages import LINKS, LinkedPagesPanel, ServiceForm
from services.models.review import ClinicalReview
from services.models.rows import Fee, fee_text

MOST_CARDS = 48  # with a picture and a fee; treatments after them are links
# What every patient needs to know, and what to tell an editor who leaves it out.
NEEDED_FACTS = {
    "helps_with": "Say what it may help with.",
    "how_it_feels": "Say how it feels.",
    "not_suitable_if": "Say who should not have it, or should talk to you first.",
}


class ServiceIndexPage(StoryPage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ["services.ServicePage"]
    schema_type = "CollectionPage"

    class Meta:
        verbose_name = "treatments page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        services = ServicePage.objects.child_of(self).live()
        context["services"] = with_pictures(services.prefetch_related("fees")[:MOST_CARDS])
        context["others"] = services.defer_streamfields()[MOST_CARDS:]
        return context


class ServicePage(ClinicalReview):
    parent_page_types = ["services.ServiceIndexPage"]
    base_form_class = ServiceForm
    kind = "Treatment"
    shown_on_cards = ("fees",)
    FACTS = ("short_name", "helps_with", "how_it_feels", "not_suitable_if", "evidence")
    clinical_fields = (*ClinicalReview.clinical_fields, *FACTS)
    shows_enquiry_form = True

    short_name = models.CharField(
        max_length=40,
        blank=True,
        help_text="As people say it, for example “IMS”. Used in “Ask about IMS”. If empty, the title is used.",
    )
    helps_with = models.TextField(
        blank=True, help_text="What the treatment may help with, one per line. Do not promise anything."
    )
    how_it_feels = models.CharField(
        max_length=255, blank=True, help_text="What people feel during and after it, in one or two honest sentences."
    )
    not_suitable_if = models.TextField(
        blank=True, help_text="Who should not have it, or should talk to us first, one per line."
    )
    # Available on both models; edited as the links to them.
    practitioners = models.ManyToManyField(
        PractitionerPage, through="services.ServicePractitioner", related_name="services", editable=False
    )
    conditions = models.ManyToManyField(
        ConditionPage, through="services.ServiceCondition", related_name="services", editable=False
    )

    facts_heading = "Facts and fees"
    facts_panels = [
        MultiFieldPanel(
            ["short_name", "helps_with", "how_it_feels", "not_suitable_if"],
            heading="At a glance",
            help_text="All but the short name are needed before the page can be submitted.",
        ),
        InlinePanel(
            "fees",
            heading="Fees",
            label="Fee",
            help_text="One row for each type of visit. “At a glance” and the fees page show these.",
        ),
    ]
    link_panels = [LinkedPagesPanel(name, disable_comments=True) for name in LINKS]
    source_panels = [
        InlinePanel(
            "evidence",
            heading="What studies found",
            label="Finding",
            help_text="One row for each finding. Shown on this page and on the pages of the conditions it is about. "
            "The source of a finding counts as a source of the page.",
        ),
        *ClinicalReview.source_panels,
    ]
    search_fields = [
        *ClinicalReview.search_fields,
        index.SearchField("short_name", boost=3),
        index.AutocompleteField("short_name"),
        *map(index.SearchField, ("helps_with", "how_it_feels", "not_suitable_if")),
    ]

    class Meta:
        verbose_name = "treatment page"

    @property
    def enquiry_topic_name(self) -> str:
        return self.short_name or in_a_sentence(self.title)

    def missing(self) -> dict[str, str]:
        facts = {name: error for name, error in NEEDED_FACTS.items() if not getattr(self, name)}
        return facts if self.evidence.all() else facts | super().missing()  # a finding names its source

    def own_parts(self) -> dict[str, Any]:
        facts = self.missing().keys().isdisjoint(NEEDED_FACTS)
        links = {"physiotherapists": self.practitioner_links.all(), "conditions": self.condition_links.all()}
        return {"facts": facts, "fees": self.fees.all(), **links}

    @cached_property
    def fee_records(self) -> list[Fee]:
        """The treatment's fees in the editor's order, fetched once for all places that show them."""
        return list(self.fees.all())

    @property
    def fee(self) -> str:
        """“First visit $145 (60 min), then $95 (30 min)”, from the fee records; empty when there are none."""
        return fee_text(self.fee_records)

    def live_practitioners(self) -> list[PractitionerPage]:
        """Return who gives the treatment, in the editor's order; in a preview also what is not saved yet."""
        links = with_linked_page(self.practitioner_links, "practitioner", *PractitionerPage.card_columns)
        links = links.select_related("practitioner__lead_image")
        people = [link.practitioner for link in links if link.practitioner.live]
        models.prefetch_related_objects([self, *people], "lead_image__renditions")
        return people

    def live_conditions(self) -> list[ConditionPage]:
        """Return what the treatment may help with, in the editor's order."""
        links = with_linked_page(self.condition_links, "condition")
        return [link.condition for link in links if link.condition.live]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["practitioners"] = self.live_practitioners()
        context["conditions"] = self.live_conditions()
        context["evidence"] = with_linked_page(self.evidence, "condition")
        return context


class FeesPage(StoryPage):
    """All fees, drawn from the treatments' own records."""

    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ()

    direct_billing = StreamField([("plan", PlanBlock())], blank=True, help_text="Whom you bill, and what to bring.")

    facts_panels = ["direct_billing"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        services = ServicePage.objects.live().filter(pk__in=Fee.objects.values("service")).order_by("path")
        # Together those that cost the same.
        groups: dict[tuple[Any, ...], list[ServicePage]] = defaultdict(list)
        for service in services.defer_streamfields().prefetch_related("fees"):
            groups[tuple((fee.visit, fee.minutes, fee.amount) for fee in service.fee_records)].append(service)
        context["groups"] = list(groups.values())
        return context
