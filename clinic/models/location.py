"""Where the clinic is, and when it is open."""

import re
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from clinic.blocks.text import RICH_TEXT_FEATURES
from clinic.lib.holidays import holidays_of
from clinic.lib.opening_hours import Schedule, no_holidays
from clinic.models.base import BasePage, StoryPage
from clinic.models.details import ConfirmationPanel, check_phone
from clinic.models.hours import LocationForm
from clinic.models.image import optional_picture, with_pictures


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
        context["locations"] = with_pictures(
            LocationPage.objects.child_of(self)
            .live()
            .select_related("map_image")
            .prefetch_related("hours", "closures", "map_image__renditions")
        )
        return context


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
        help_text="This location's own number, if it has one. If empty, the clinic's number.",
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
        index.SearchField("street"),
        index.SearchField("locality"),
        index.SearchField("directions"),
        index.SearchField("parking"),
        index.SearchField("accessibility"),
    ]

    @property
    def is_the_only_one(self) -> bool:
        return not self.get_siblings(inclusive=False).live().exists()

    @property
    def address_line(self) -> str:
        """The address in one line, for a letter or a map app."""
        place = f"{self.locality}, {self.region} {self.postal_code}".strip()
        return f"{self.street}, {place}"

    @property
    def street_name(self) -> str:
        """The street without the house's number."""
        return re.sub(r"^(?:\w+-)?\d\w*,?\s+", "", self.street)

    @property
    def coordinates(self) -> str:
        """“60.721200,-135.056800”, as `geo:` addresses want it; empty when they are not known."""
        known = self.latitude is not None and self.longitude is not None
        return f"{self.latitude},{self.longitude}" if known else ""

    @property
    def open_street_map_address(self) -> str:
        """A link for a place with coordinates, and nothing that this site loads."""
        return f"https://www.openstreetmap.org/?mlat={self.latitude}&mlon={self.longitude}#map=17/{self.latitude}/{self.longitude}"

    @cached_property
    def schedule(self) -> Schedule:
        """Hours, closures and holidays, as the pure functions of `clinic.lib.opening_hours` take them. Read once."""
        return Schedule(
            hours=[(row.weekday, row.opens, row.closes) for row in self.hours.all()],
            closures=[(row.first_day, row.last_day, row.reason) for row in self.closures.all()],
            holidays=no_holidays if self.opens_on_holidays else holidays_of,
        )

    @classmethod
    def schedule_of(cls, number: int | None) -> Schedule:
        """Return the hours and closures published for the place of this number, by one query; else none.

        A row for each pair of hours and closure: few of either, so that two joins cost less than a second query.
        """
        weekly, dated = ("weekday", "opens", "closes"), ("first_day", "last_day", "reason")
        children = (*(f"hours__{name}" for name in weekly), *(f"closures__{name}" for name in dated))
        rows = list(cls.objects.filter(pk=number).order_by().values_list(*children))
        hours, closures = {row[:3] for row in rows}, {row[3:] for row in rows}
        return Schedule(sorted(hours - {(None,) * 3}), sorted(closures - {(None,) * 3}))
