"""What the worker records about itself: when each job ran, whether the form works, and what alarms were raised."""

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.db import models
from django.utils import timezone
from django.utils.formats import localize

# The field with which the form check signs its enquiry, and for how long the signature is valid.
CANARY_FIELD = "canary"
CANARY_HOLDS = timedelta(minutes=5)
_canary_signer = TimestampSigner(salt="contact.canary")


class Job(models.Model):
    """A scheduled job. One UPDATE claims it, so that only one process runs it."""

    name = models.CharField(max_length=40, unique=True)
    next_run_at = models.DateTimeField(default=timezone.now)
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    last_started_at = models.DateTimeField(null=True)
    last_finished_at = models.DateTimeField(null=True, help_text="When it last succeeded.")
    state = models.JSONField(default=dict, help_text="What the job itself needs to know the next time.")
    last_result = models.CharField(max_length=255, blank=True)
    last_error = models.CharField(max_length=255, blank=True, help_text="Empty once it succeeds again.")
    failing_since = models.DateTimeField(null=True, help_text="Empty once it succeeds again.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SyntheticCheckQuerySet(models.QuerySet["SyntheticCheck"]):
    def conclusive(self) -> "SyntheticCheckQuerySet":
        """Those that say whether the form works: through the public address, to the end, and not in the future."""
        latest = timezone.now() + timedelta(minutes=1)
        return self.filter(is_trial=False, started_at__lte=latest).exclude(finished_at=None)

    def take_canary(self, value: str) -> bool:
        """Return, once, whether this is the canary of a check that has begun. Call it in the storing transaction."""
        try:
            number = int(_canary_signer.unsign(value, max_age=CANARY_HOLDS))
        except (BadSignature, ValueError):
            return False
        waiting = self.filter(pk=number, finished_at=None, canary_used_at=None)
        return bool(waiting.update(canary_used_at=timezone.now()))


class SyntheticCheck(models.Model):
    """One check that the form works, from the public address to the mail server."""

    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(null=True)
    url = models.URLField()
    passed = models.BooleanField(default=False)
    is_trial = models.BooleanField("a trial", default=False, help_text="Through another address than the site's own.")
    # A canary is accepted once.
    canary_used_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=list, help_text="Step, milliseconds and whether it succeeded.")
    error = models.TextField(blank=True)

    objects = SyntheticCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{localize(timezone.localtime(self.started_at))} {'passed' if self.passed else 'not passed'}"

    @property
    def canary(self) -> str:
        """The signed value by which the site recognizes the check's own enquiry among people's."""
        return _canary_signer.sign(str(self.pk))


class AlarmType(models.TextChoices):
    UNDELIVERED = "undelivered", "Mail is not getting through"
    DISK_SPACE = "disk_space", "The server’s disk is almost full"
    FORM_CHECK_FAILED = "form_check_failed", "The check of the enquiry form failed"
    UNUSUAL_HOUR = "unusual_hour", "More enquiries than usual"
    BACKUP = "backup", "No backup has been proven for more than a week"
    URGENT = "urgent", "No one has opened an urgent enquiry"
    JOB_FAILED = "job_failed", "A scheduled job is failing"
    TEST = "test", "This is a test"


class Alarm(models.Model):
    """A problem that someone has to fix now. At most one of each type is active; it ends when its cause is gone."""

    kind = models.CharField("type", max_length=20, choices=AlarmType)
    detail = models.CharField(max_length=255, blank=True, help_text="Never a patient's words, name or address.")
    raised_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField("alarm sent", null=True)
    ended_at = models.DateTimeField(null=True)
    end_sent_at = models.DateTimeField("all-clear sent", null=True)
    send_error = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=models.Q(ended_at=None), name="alarm_once_active"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
