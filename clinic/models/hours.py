"""A location's weekly hours, and the days on which it is closed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from clinic.lib.opening_hours import WEEKDAYS


class OpeningHours(Orderable):
    location = ParentalKey("clinic.LocationPage", on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=list(enumerate(WEEKDAYS)))
    opens = models.TimeField(help_text="For example 08:30.")
    closes = models.TimeField(help_text="For example 17:00. The same day, after opening.")

    panels = [FieldRowPanel([FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")])]

    class Meta(Orderable.Meta):
        verbose_name_plural = "opening hours"

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        super().clean()
        if self.opens and self.closes and self.closes <= self.opens:
            raise ValidationError({"closes": "The closing time must be after the opening time, on the same day."})


class Closure(Orderable):
    location = ParentalKey("clinic.LocationPage", on_delete=models.CASCADE, related_name="closures")
    first_day = models.DateField()
    last_day = models.DateField(help_text="For a single day, the same as the first day.")
    reason = models.CharField(max_length=80, help_text="Shown to patients, for example “Christmas”.")

    panels = [FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]), "reason"]

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.reason}, {self.first_day} to {self.last_day}"

    def clean(self) -> None:
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": "The last day must not be before the first."})
