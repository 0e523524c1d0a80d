"""Where the clinic is, and when it is open."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.forms import BooleanField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey
from wagtail import fields
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.search import index

from clinic.blocks.text import ITEM_WITHOUT_END, RICH_TEXT_FEATURES
from clinic.lib.opening_hours import ONE_DAY, WEEKDAYS, Schedule, days_in_words, holidays_of, month_and_day, no_holidays
from clinic.models.base import BasePage, PageForm, StoryPage
from clinic.models.details import ConfirmationPanel, check_phone
from clinic.models.editing import PageRow
from clinic.models.image import optional_picture, with_pictures

LONG_CLOSURE = timedelta(weeks=6)


class LocationIndexPage(BasePage):
    max_count = 1
    parent_page_types = ["clinic.HomePage"]
    subpage_types = ["clinic.LocationPage"]
    schema_type = "CollectionPage"

    class Meta:
        verbose_name = "locations page"

    @property
    def only_location(self) -> "LocationPage | None":
        """The location, if there is just one: a list of it would say nothing more."""
        locations = LocationPage.objects.child_of(self).live()[:2]
        return locations[0] if len(locations) == 1 else None

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        only = self.only_location
        return redirect(only.get_url(request)) if only else super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        places = LocationPage.objects.child_of(self).live().select_related("map_image")
        context["locations"] = with_pictures(places.prefetch_related("hours", "closures", "map_image__renditions"))
        return context


class LocationForm(PageForm):
    dates_are_right = BooleanField(label="The dates of the closure are right", required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.is_deferred_validation:
            self.refuse_overlaps()
            if not self.cleaned_data.get("dates_are_right"):
                self.ask_about_closures()
        return self.cleaned_data

    def rows(self, name: str) -> list[ModelForm]:
        """Return the complete rows of hours or closures, without those that are being deleted."""
        return [row for row in self.formsets[name].forms if row.is_valid() and not row.cleaned_data.get("DELETE")]

    def refuse_overlaps(self) -> None:
        """Refuse hours that begin before others on the same day have ended."""
        rows = sorted(self.rows("hours"), key=lambda row: (row.cleaned_data["weekday"], row.cleaned_data["opens"]))
        hours = [tuple(row.cleaned_data[name] for name in ("weekday", "opens", "closes")) for row in rows]
        for (day, _opens, closes), (next_day, opens, _closes), row in zip(hours, hours[1:], rows[1:], strict=False):
            if day == next_day and opens < closes:
                read = f"{WEEKDAYS[day]}: {Schedule(hours).day_in_words(day)}"
                row.add_error("opens", f"These hours overlap with others: patients would read “{read}”.")

    def ask_about_closures(self) -> None:
        """Ask whether a new or changed closure is right if it is very long, or ended in a past year."""
        today = timezone.localdate()
        for row in self.rows("closures"):
            first, last = row.cleaned_data["first_day"], row.cleaned_data["last_day"]
            length = last - first + ONE_DAY
            if not row.has_changed() or (length <= LONG_CLOSURE and last.year >= today.year):
                continue
            read = f"Patients will read “Closed {days_in_words(first, last)}: {row.cleaned_data['reason']}”."
            if last < today:
                read = "Patients will not see this closure, because it is over."
            until = f"{month_and_day(last)}, {last.year}"
            row.add_error(
                "last_day", f"{length.days} days until {until}? {read} Correct the dates or confirm them below."
            )
            self.add_error("dates_are_right", "Check this box if the dates above are right.")


class RichTextField(fields.RichTextField):
    __module__ = "wagtail.fields"  # for migrations: what it stores is the same

    def get_searchable_content(self, value: str) -> list[str]:
        """Return the text; as in a block, the items of a list do not run into one another."""
        texts: list[str] = super().get_searchable_content(ITEM_WITHOUT_END.sub(";", value))
        return texts


class LocationPage(StoryPage):
    parent_page_types = ["clinic.LocationIndexPage"]
    subpage_types = ()
    kind = "Location"
    base_form_class = LocationForm

    street = models.CharField(max_length=120, help_text="Street number and name, as in a mailing address.")
    locality = models.CharField(max_length=80, default="Whitehorse", help_text="Town or community.")
    region = models.CharField(max_length=40, default="Yukon")
    postal_code = models.CharField(max_length=10, blank=True)
    latitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text="Degrees north, for example 60.721500. Lets phones open the location in a map app.",
    )
    longitude = models.DecimalField(
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text="Degrees east, negative in the Yukon, for example -135.056800.",
    )
    phone = models.CharField(
        max_length=30,
        blank=True,
        validators=[check_phone],
        help_text="This location's own number, if it has one. If empty, the clinic's number is shown.",
    )
    opens_on_holidays = models.BooleanField(
        "open on statutory holidays",
        default=False,
        help_text="Otherwise this location is shown as closed on them. Check only if its weekly hours apply.",
    )
    map_is_drawn = models.BooleanField(
        "show the drawn map",
        default=False,
        help_text="A drawing of downtown Whitehorse, labelled with the street entered above.",
    )
    map_image = optional_picture(
        "Your own map instead. Other websites' maps are not used: those sites would see who visits."
    )
    directions = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="How to get here by car, bus, on foot and from out of town."
    )
    parking = RichTextField(
        blank=True, features=RICH_TEXT_FEATURES, help_text="Where to park, what it costs, plug-ins in winter."
    )
    accessibility = RichTextField(
        blank=True,
        features=RICH_TEXT_FEATURES,
        help_text="Steps, doors, washrooms, tables: what people need to know before they come.",
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldRowPanel(["map_is_drawn", "map_image"]), "directions", "parking", "accessibility"],
            heading="Getting here",
        ),
        "body",
    ]
    facts_heading = "Address and hours"
    facts_panels = [
        MultiFieldPanel(
            [
                "street",
                FieldRowPanel(["locality", "region", "postal_code"]),
                FieldRowPanel(["latitude", "longitude"]),
                "phone",
            ],
            heading="Address",
        ),
        InlinePanel(
            "hours",
            label="Opening hours",
            help_text="One row for each time the location is open. A day without a row is closed.",
        ),
        InlinePanel(
            "closures",
            label="Closure",
            help_text="Closed days other than statutory holidays. Shown in advance and removed automatically.",
        ),
        ConfirmationPanel("dates_are_right"),
        "opens_on_holidays",
    ]
    search_fields = [
        *StoryPage.search_fields,
        *map(index.SearchField, ("street", "locality", "directions", "parking", "accessibility")),
    ]

    @property
    def is_the_only_one(self) -> bool:
        return not self.get_siblings(inclusive=False).live().exists()

    @property
    def street_name(self) -> str:
        """The street without the house's number."""
        return re.sub(r"^(?:\w+-)?\d\w*,?\s+", "", self.street)

    @cached_property
    def schedule(self) -> Schedule:
        """Hours, closures and holidays, as the pure functions of `clinic.lib.opening_hours` take them. Read once."""
        return Schedule(
            hours=complete(self.hours.all(), "weekday", "opens", "closes"),
            closures=complete(self.closures.all(), "first_day", "last_day", "reason"),
            holidays=no_holidays if self.opens_on_holidays else holidays_of,
        )


def complete(rows: Iterable[models.Model], *names: str) -> list[Any]:
    """Return these fields of the rows that are filled in: those of a draft may not be."""
    values = (tuple(getattr(row, name) for name in names) for row in rows)
    return [row for row in values if None not in row]


class OpeningHours(PageRow):
    location = ParentalKey(LocationPage, on_delete=models.CASCADE, related_name="hours")
    # What is empty is so in drafts only.
    weekday = models.PositiveSmallIntegerField(null=True, choices=list(enumerate(WEEKDAYS)))
    opens = models.TimeField(null=True, help_text="When the location opens, for example 08:30.")
    closes = models.TimeField(null=True, help_text="When it closes on the same day, for example 17:00.")

    panels = [FieldRowPanel(["weekday", "opens", "closes"])]

    class Meta(PageRow.Meta):
        verbose_name_plural = "opening hours"

    def __str__(self) -> str:
        opens, closes = (f"{at:%H:%M}" if at else "…" for at in (self.opens, self.closes))
        return f"{self.get_weekday_display()} {opens}–{closes}"

    def clean(self) -> None:
        if self.opens and self.closes and self.closes <= self.opens and not self.is_draft:
            raise ValidationError({"closes": "The closing time must be after the opening time, on the same day."})


class Closure(PageRow):
    location = ParentalKey(LocationPage, on_delete=models.CASCADE, related_name="closures")
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True, help_text="For a single day, the same as the first day.")
    reason = models.CharField(max_length=80, help_text="Shown to patients, for example “Christmas”.")

    panels = [FieldRowPanel(["first_day", "last_day"]), "reason"]

    def __str__(self) -> str:
        return f"{self.reason}, {self.first_day} to {self.last_day}"

    def clean(self) -> None:
        if self.first_day and self.last_day and self.last_day < self.first_day and not self.is_draft:
            raise ValidationError({"last_day": "The last day must not be before the first."})
