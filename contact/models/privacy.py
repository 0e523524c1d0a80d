"""Records without personal data: wordings of the privacy notice, and what is left of deleted enquiries.

A tally is what the statistics need about a deleted enquiry, so that twelve months stay complete.
"""

from django.db import models
from django.utils import timezone

from contact.models.event import AppendOnly, AppendOnlyQuerySet


class PrivacyNotice(models.Model):
    """`version` is the beginning of the text's SHA-256: the same words are the same version."""

    version = models.CharField(max_length=12, unique=True)
    text = models.TextField(help_text="As it was shown with the form, in Markdown.")
    first_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "privacy notice"
        ordering = ["-first_used_at"]

    def __str__(self) -> str:
        return self.version

    @property
    def short(self) -> str:
        """What is shown beside the form: the text's first part, below its heading."""
        return self.text.split("\n\n")[1]


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
