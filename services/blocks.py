"""Blocks that only treatments and conditions use: steps, fees, risk numbers, explaining drawings, sources."""

from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import cached_property
from wagtail.blocks import (
    BlockGroup,
    CharBlock,
    ChoiceBlock,
    DecimalBlock,
    IntegerBlock,
    ListBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
    URLBlock,
)

from clinic.blocks.story import StoryBlock
from clinic.blocks.text import SHORT_TEXT_FEATURES, RichTextBlock
from services.lib.risk import THOUSAND, Risk

# The CSS class of fields side by side.
ROW = "side-by-side"
# What risk numbers count.
UNITS = ("treatments", "sessions", "people")
COUNT_OR_PERCENT = "Enter the count or the percent, and not both."


class SourceBlock(StructBlock):
    text = CharBlock(max_length=300, help_text="Authors, title and journal, so that it can be found.")
    url = URLBlock(required=False, label="Web address", help_text="Where it can be read.")
    year = IntegerBlock(required=False, min_value=1900, max_value=2100)

    class Meta:
        icon = "doc-full"
        description = "A publication that the page is based on."


PLANS = ("Private plan", "Hurt at work (WSCB)", "First Nations and Inuit (NIHB)", "Veterans", "Vehicle crash")


class PlanBlock(StructBlock):
    name = CharBlock(max_length=80, help_text="The plan's name as it is on people's cards or letters.")
    kind = ChoiceBlock(choices=[(kind, kind) for kind in PLANS])
    billed = ChoiceBlock(choices=[("Yes", "Yes"), ("In part", "In part"), ("No", "No")], label="Billed directly")
    bring = CharBlock(
        max_length=200, label="What to bring", help_text="What people bring to a visit, for example “Your plan card”."
    )

    class Meta:
        icon = "form"


class StepBlock(StructBlock):
    title = CharBlock(max_length=100)
    text = RichTextBlock(features=SHORT_TEXT_FEATURES)

    class Meta:
        icon = "arrow-right"
        label = "Step"


class StepsBlock(StructBlock):
    heading = CharBlock(max_length=120, required=False)
    steps = ListBlock(StepBlock(), min_num=1)

    class Meta:
        icon = "list-ol"
        template = "services/blocks/steps.html"
        description = "What happens, in numbered steps."
        preview_value = {
            "heading": "",
            "steps": [
                {"title": "We talk", "text": "<p>You tell us what hurts and what you want to do again.</p>"},
                {"title": "We look", "text": "<p>We test how you move.</p>"},
            ],
        }


class FeesBlock(StructBlock):
    heading = CharBlock(max_length=120, default="What it costs")
    note = CharBlock(
        max_length=240, required=False, help_text="A sentence under the table, for example how insurance works."
    )

    def get_context(self, value: StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add `services`: the pages whose fee records the table is drawn from, so that no fee is typed twice."""
        context = super().get_context(value, parent_context)
        page = context.get("page")
        return context | {"services": [page] if hasattr(page, "fees") else context.get("services", [])}

    def get_preview_context(self, value: StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Show the fees of a treatment that has any."""
        treatments = apps.get_model("services.ServicePage").objects.live().exclude(fees=None)
        return super().get_preview_context(value, parent_context) | {"services": treatments[:1]}

    class Meta:
        icon = "tag"
        template = "services/blocks/fees.html"
        description = "A table of fees, from the treatments' own records."
        preview_value = {"heading": "What it costs", "note": "A sentence under the table."}


class RiskEventBlock(StructBlock):
    name = CharBlock(max_length=80, help_text="What happened, as a patient would say it, for example “bruising”.")
    count = IntegerBlock(
        required=False,
        min_value=0,
        help_text="How many times it happened. Leave it empty if the source gives a percentage.",
    )
    percent = DecimalBlock(
        required=False,
        max_digits=6,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text="In how many of a hundred it happened. For a major effect that no one has counted, leave both empty.",
    )
    seriousness = ChoiceBlock(choices=[("minor", "Minor"), ("major", "Major")], default="minor")

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        given = [name for name in ("count", "percent") if result[name] is not None]
        is_named_only = not given and result["seriousness"] == "major"
        if len(given) != 1 and not is_named_only and not self.is_deferred_validation:
            raise StructBlockValidationError(block_errors={"count": ValidationError(COUNT_OR_PERCENT)})
        return result

    class Meta:
        label = "Event"
        icon = "order"
        form_layout = ["name", BlockGroup(["count", "percent"], heading="How often", classname=ROW), "seriousness"]


class RiskNumbersValue(StructValue):
    @cached_property
    def risks(self) -> list[Risk]:
        """The events as natural frequencies (see `services.lib.risk`); in a draft only those that can be drawn."""
        return [
            Risk(
                name=event["name"],
                total=self["treatments"],
                unit=self["unit"],
                count=event["count"],
                percent=event["percent"],
                is_major=event["seriousness"] == "major",
            )
            for event in self["events"]
            if self["treatments"] and (event["count"] is None) != (event["percent"] is None)
        ]

    @cached_property
    def minor_risks(self) -> list[Risk]:
        return [risk for risk in self.risks if not risk.is_major]

    @cached_property
    def pictured_risks(self) -> list[Risk]:
        """The minor risks with a picture: the common ones, or all where none is common; a sentence tells the others."""
        return [risk for risk in self.minor_risks if risk.denominator < THOUSAND] or self.minor_risks

    @cached_property
    def other_risks(self) -> list[Risk]:
        return [risk for risk in self.minor_risks if risk not in self.pictured_risks]

    @cached_property
    def major_risks(self) -> list[Risk]:
        return [risk for risk in self.risks if risk.is_major]

    @property
    def uncounted_risks(self) -> list[str]:
        """The names of major events that are known to happen, but not how often."""
        return [
            event["name"]
            for event in self["events"]
            if event["count"] is None and event["percent"] is None and event["seriousness"] == "major"
        ]

    @property
    def thousand(self) -> str:
        """“1,000”, or “about 1,000” where a picture shows more than its words say; empty without such a picture."""
        pictured = [*self.pictured_risks, *self.major_risks]
        drawn = [risk for risk in pictured if risk.is_drawn and risk.denominator == THOUSAND]
        about = "about\N{NO-BREAK SPACE}" if any(risk.is_rarer_than_a_thousandth for risk in drawn) else ""
        return f"{about}{THOUSAND:,}" if drawn else ""

    @property
    def counted(self) -> str:
        """“7,629 treatments”."""
        return f"{self['treatments'] or 0:,} {self['unit'] or 'treatments'}"


class RiskNumbersBlock(StructBlock):
    heading = CharBlock(max_length=120)
    intro = CharBlock(
        max_length=300, required=False, help_text="One sentence about who counted what, shown under the heading."
    )
    treatments = IntegerBlock(
        min_value=1,
        label="How many were counted",
        help_text="The number of treatments, sessions or people in the source, for example 7629.",
    )
    unit = ChoiceBlock(choices=[(unit, unit) for unit in UNITS], default="treatments")
    events = ListBlock(RiskEventBlock(), min_num=1)
    source = CharBlock(
        max_length=300, help_text="Authors, title and journal of the publication that the numbers come from."
    )
    year = IntegerBlock(min_value=1900, max_value=2100)
    url = URLBlock(required=False, label="Web address", help_text="Where the source can be read.")

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if self.is_deferred_validation:
            return result
        if any(event["count"] is not None and event["count"] > result["treatments"] for event in result["events"]):
            raise StructBlockValidationError(
                block_errors={"treatments": ValidationError("One of the events was counted more often than this.")}
            )
        return result

    class Meta:
        icon = "table"
        template = "services/blocks/risk_numbers.html"
        counted = BlockGroup(["treatments", "unit"], heading="What was counted", classname=ROW)
        source = BlockGroup(["source", "year", "url"], heading="Where the numbers come from")
        form_layout = ["heading", "intro", counted, "events", source]
        value_class = RiskNumbersValue
        description = "How often something happens, as a sentence, a picture and a table, with its source."
        preview_value = {
            "heading": "In one count of 7,629 treatments",
            "intro": "Thirty-nine physiotherapists wrote down what happened.",
            "treatments": 7629,
            "unit": "treatments",
            "events": [
                {"name": "bruising", "count": None, "percent": Decimal("7.55"), "seriousness": "minor"},
                {"name": "bleeding", "count": None, "percent": Decimal("4.65"), "seriousness": "minor"},
            ],
            "source": "Brady and others, Journal of Manual and Manipulative Therapy",
            "year": 2014,
            "url": "",
        }


class DrawingBlock(ChoiceBlock):
    choices = [
        ("needle_and_muscle", "The needle and the shortened muscle, in three steps"),
        ("neck_and_back", "The spine from the side"),
        ("elbow", "The outer side of the elbow"),
        ("shoulder", "The shoulder from the front"),
        ("whole_body", "The whole body and its nerves"),
        ("head_and_jaw", "The head from the side"),
        ("hip_and_pelvis", "The pelvis from the front"),
        ("knee", "The knee from the side"),
        ("ankle_and_foot", "The foot from its outer side"),
        ("wrist_and_hand", "The palm side of the hand"),
    ]

    class Meta:
        icon = "draft"
        template = "services/blocks/drawing.html"
        description = "A drawing that explains a treatment or a part of the body."
        preview_value = "needle_and_muscle"


class TreatmentStoryBlock(StoryBlock):
    steps = StepsBlock(group="Treatment")
    fees = FeesBlock(group="Treatment")
    risk_numbers = RiskNumbersBlock(group="Safety")
    drawing = DrawingBlock(group="Pictures")
