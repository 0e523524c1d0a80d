"""Records without personal data: each wording of the privacy notice that was shown, and each run of deletions."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from contact.models.event import AppendOnly, AppendOnlyQuerySet


class PrivacyNotice(models.Model):
    """`version` is the beginning of the text's SHA-256: the same words are the same version."""

    version = models.CharField(max_length=12, unique=True)
    text = models.TextField(help_text="As it was shown with the form, without markup.")
    first_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "privacy notice"
        ordering = ["-first_used_at"]

    def __str__(self) -> str:
        return self.version


class PurgeRun(AppendOnly):
    """One run that deleted enquiries: when, how many, why, and by whom. Written in the transaction that deletes."""

    class Reason(models.TextChoices):
        CLOSED = "closed", "Closed, and the retention period is over"
        SPAM = "spam", "Spam, and the retention period is over"
        REQUEST = "request", "A person asked for it"
        RESTORED = "restored", "A person had asked for it, and a restored backup brought it back"

    at = models.DateTimeField("when", default=timezone.now)
    actor_name = models.CharField(max_length=150, blank=True, help_text="If empty, deleted on schedule.")
    counts = models.JSONField(default=dict, help_text="Enquiries by reason.")
    related_rows = models.JSONField(default=dict, help_text="What was deleted with them.")
    references = models.JSONField(default=list)
    oldest_received_at = models.DateTimeField()
    newest_received_at = models.DateTimeField()
    keep_days = models.JSONField(default=dict, help_text="The retention periods at the time, in days.")

    objects = AppendOnlyQuerySet["PurgeRun"].as_manager()

    class Meta:
        verbose_name = "deletion record"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Deletion {self.pk}"

    @property
    def total(self) -> int:
        return sum(self.counts.values())
