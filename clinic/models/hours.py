"""A location's weekly hours, the days on which it is closed, and the form that asks about unlikely dates."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BooleanField, ModelForm
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from clinic.lib.opening_hours import ONE_DAY, WEEKDAYS, Schedule, days_in_words, month_and_day
from clinic.models.base import PageForm

LONG = timedelta(weeks=6)


class LocationForm(PageForm):
    dates_are_right = BooleanField(label="The dates of the closure are right", required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.refuse_overlaps()
        if not (self.is_deferred_validation or self.cleaned_data.get("dates_are_right")):
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
            if not row.has_changed() or (length <= LONG and last.year >= today.year):
                continue
            read = f"Patients will read “Closed {days_in_words(first, last)}: {row.cleaned_data['reason']}”."
            if last < today:
                read = "Patients will not see this closure, because it is over."
            until = f"{month_and_day(last)}, {last.year}"
            row.add_error(
                "last_day", f"{length.days} days until {until}? {read} Correct the dates or confirm them below."
            )
            self.add_error("dates_are_right", "Check this box if the dates above are right.")


class OpeningHours(Orderable):
    location = ParentalKey("clinic.LocationPage", on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(choices=list(enumerate(WEEKDAYS)))
    opens = models.TimeField(help_text="When the location opens, for example 08:30.")
    closes = models.TimeField(help_text="When it closes on the same day, for example 17:00.")

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

    def __str__(self) -> str:
        return f"{self.reason}, {self.first_day} to {self.last_day}"

    def clean(self) -> None:
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": "The last day must not be before the first."})
