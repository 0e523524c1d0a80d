"""What the statistics need about deleted enquiries, so that twelve months stay complete; no personal data."""

from __future__ import annotations

from django.db import models


class Outcome(models.TextChoices):
    ON_TIME = "on_time", "On time"
    LATE = "late", "Late"
    OVERDUE = "overdue", "Overdue"
    NOT_DUE = "not_due", "Not due yet"
    UNANSWERED = "unanswered", "Closed without an answer"
    NO_PROMISE = "no_promise", "No date promised"


class Tally(models.Model):
    """One enquiry in the statistics: when and about what, by the month, and how it was answered."""

    month = models.DateField("first day of the month of arrival")
    topic = models.CharField(max_length=20)
    outcome = models.CharField(max_length=10, choices=Outcome)
    half_hours = models.PositiveIntegerField("half-hours of working time until the answer", null=True)
    is_outside_hours = models.BooleanField("arrived outside opening hours")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}, {self.topic}: {self.get_outcome_display()}"
