"""The ledger of what was deleted: one row for each run, chained by hashes, without personal data."""

from __future__ import annotations

from django.db import models


class PurgeRun(models.Model):
    class Reason(models.TextChoices):
        RETENTION = "retention", "Kept long enough"
        REQUEST = "request", "A person's request"

    number = models.PositiveIntegerField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    reason = models.CharField(max_length=9, choices=Reason)
    # How many enquiries of each status, and of which kinds of rows with them: {"closed": 12}, {"messages": 31}.
    enquiries = models.JSONField(default=dict)
    related_rows = models.JSONField(default=dict)
    rules = models.JSONField(default=dict, help_text="Days to keep, as they were set at the time.")
    oldest_received_at = models.DateTimeField(null=True)
    newest_received_at = models.DateTimeField(null=True)
    actor_name = models.CharField(max_length=150, blank=True, help_text="Empty: the site itself.")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "purge run"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Purge {self.number}"

    @property
    def total(self) -> int:
        return sum(self.enquiries.values())
