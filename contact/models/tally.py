"""Counts of enquiries that were deleted since, for the desk's pictures of twelve months; they tell of nobody."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    class Kind(models.TextChoices):
        TOPIC = "topic", "Topic, by week of arrival"
        HOUR = "hour", "Hour of arrival, by month"
        OUTCOME = "outcome", "How it was answered, by month of arrival"
        WAIT = "wait", "Working half-hours until the answer, by month of arrival"

    kind = models.CharField(max_length=7, choices=Kind)
    period = models.DateField("first day of its week or month")
    label = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["period", "kind", "label"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.period}: {self.label}"
