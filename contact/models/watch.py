"""What the clock leaves behind: when each job ran, whether the form was proven, and what alarm was raised."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """One thing that `manage.py work` does by the clock. Claimed by one UPDATE, so that only one process does it."""

    name = models.CharField(max_length=40, unique=True)
    next_run_at = models.DateTimeField(default=timezone.now)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    last_started_at = models.DateTimeField(null=True)
    last_finished_at = models.DateTimeField(null=True, help_text="When it last ended well.")
    state = models.JSONField(default=dict, help_text="What the job itself needs to know the next time.")
    last_result = models.CharField(max_length=255, blank=True)
    last_error = models.CharField(max_length=255, blank=True, help_text="Empty once it ends well again.")
    failing_since = models.DateTimeField(null=True, help_text="Empty once it ends well again.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProofRunQuerySet(models.QuerySet["ProofRun"]):
    def counting(self) -> ProofRunQuerySet:
        """Those that say whether the form works: through the public address, and to their end."""
        return self.filter(is_trial=False).exclude(finished_at=None)


class ProofRun(models.Model):
    """One proof that the form works, from the public address to the mail server."""

    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(null=True)
    url = models.URLField()
    is_proven = models.BooleanField(default=False)
    is_trial = models.BooleanField("a trial", default=False, help_text="Through another address than the site's own.")
    # Whether its canary was used: a canary is taken once.
    canary_used_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=list, help_text="Step, milliseconds and what was found.")
    error = models.TextField(blank=True)

    objects = ProofRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%-d %b %Y, %H:%M} {'proven' if self.is_proven else 'not proven'}"


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def standing(self) -> AlarmQuerySet:
        return self.filter(ended_at=None)


class AlarmType(models.TextChoices):
    UNDELIVERED = "undelivered", "Mail is not getting through"
    WORKER_STOPPED = "worker_stopped", "The worker has stopped"
    FORM_NOT_PROVEN = "form_not_proven", "The enquiry form could not be proven to work"
    JOB_FAILED = "job_failed", "Something that runs by the clock failed"


class Alarm(models.Model):
    """Something that needs somebody now. At most one of a kind stands at a time; it ends when its cause is gone."""

    kind = models.CharField(max_length=20, choices=AlarmType)
    detail = models.CharField(max_length=255, blank=True, help_text="Never a patient's words, name or address.")
    raised_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField("second channel told", null=True)
    tell_error = models.CharField(max_length=255, blank=True)
    telling_until = models.DateTimeField(null=True, help_text="While one process tells, no other does.")
    ended_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField("second channel told that it is over", null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=models.Q(ended_at=None), name="alarm_once_standing"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
