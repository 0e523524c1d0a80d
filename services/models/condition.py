"""A condition, and the list of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from wagtail.admin.panels import HelpPanel
from wagtail.models import Page
from wagtail.search import index

from clinic.lib.text import in_a_sentence
from clinic.models.base import StoryPage, with_linked_page
from services.lib.body_map import REGIONS
from services.models.review import ClinicalReview
from services.models.review_form import ClinicalPageForm
from services.models.rows import Evidence


class ConditionIndexPage(StoryPage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ["services.ConditionPage"]
    schema_type = "CollectionPage"
    list_template = "services/components/where_it_hurts.html"

    class Meta:
        verbose_name = "conditions page"

    @classmethod
    def pages_below(cls, page: Page) -> list[Page]:
        return list(ConditionPage.objects.child_of(page).live().defer_streamfields())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["conditions"] = self.pages_below(self)
        return context


class ConditionForm(ClinicalPageForm):
    regions = forms.MultipleChoiceField(
        choices=[(name, region["label"]) for name, region in REGIONS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Where it hurts",
        help_text="On the drawn body, these places lead to this page.",
    )


class ConditionPage(ClinicalReview):
    parent_page_types = ["services.ConditionIndexPage"]
    base_form_class = ConditionForm
    kind = "Condition"
    clinical_fields = (*ClinicalReview.clinical_fields, "also_called", "regions", "feelings")

    also_called = models.CharField(
        max_length=120, blank=True, help_text="Other names people know it by, for example “lateral epicondylitis”."
    )
    # The places' short names, from head to foot.
    regions = models.JSONField(
        default=list,
        blank=True,
        verbose_name="where it hurts",
        help_text="On the drawn body, these places lead to this page.",
    )
    feelings = models.TextField(
        "how it may feel there",
        blank=True,
        help_text="How a place may feel, one per line: the place, a colon and a few words, such as “Knee: aches on "
        "stairs”. The drawn body shows them at the place. Say what people notice, not what they have.",
    )

    facts_panels = ["also_called", "regions", "feelings"]
    link_panels = [HelpPanel(heading="Treatments", template="clinic/admin/treatments.html")]
    search_fields = [
        *ClinicalReview.search_fields,
        index.SearchField("also_called", boost=3),
        index.AutocompleteField("also_called"),
    ]

    def clean(self) -> None:
        super().clean()
        if not set(map(str, self.regions)) <= REGIONS.keys():
            raise ValidationError({"regions": "Choose places from the list."})

    def own_parts(self) -> dict[str, Any]:
        return {"places on the body": self.regions}

    @property
    def enquiry_topic_name(self) -> str:
        return in_a_sentence(self.title)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        # `services` is the far end of ServicePage.conditions; a block of the body may show their fees.
        services = self.services.filter(live=True).order_by("path")
        found = services.prefetch_related("fees", "practitioner_links__practitioner")
        # As the body names them by its links, then the others.
        links = self.body.stream_block.extract_references(self.body)
        mentioned = [int(number) for model, number, *_path in links if issubclass(model, Page)]
        shown = mentioned + [service.pk for service in found]
        context["services"] = sorted(found, key=lambda service: shown.index(service.pk))
        is_general = Q(condition=None, service__conditions=self)
        evidence = Evidence.objects.filter(Q(condition=self) | is_general, service__live=True).distinct()
        # What is about this condition alone comes first.
        order = (F("condition").asc(nulls_last=True), "service__path", "sort_order")
        context["evidence"] = with_linked_page(evidence, "service").order_by(*order)
        return context
