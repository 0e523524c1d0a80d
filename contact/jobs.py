"""The table of scheduled jobs. Times are local (America/Whitehorse)."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from clinic.backup import archive
from clinic.backup.databases import BackupError
from clinic.images import renditions, share_pictures
from clinic.models import ContentVersion
from clinic.sign_in.limits import delete_old_records
from contact.mail import backend, bounces, outbox
from contact.models import Job, Message
from contact.monitoring import alarms, synthetic_check
from contact.monitoring.scheduler import SKEW, JobError, JobSpec
from contact.privacy import deletion
from contact.screening.spam import forget_senders
from contact.workflow import escalation

MAKE_RENDITIONS = "make_renditions"
# Jobs of the apps above this one, which add them in `AppConfig.ready`.
added: list[JobSpec] = []


def command(name: str) -> Callable[[], str]:
    """Return a function that runs one of Django's or Wagtail's own management commands."""
    return lambda: call_command(name, verbosity=0) or "done"


def make_renditions() -> str:
    """Make the picture sizes that pages use and the pictures for sharing, if anything was published since last time."""
    job, version = Job.objects.get(name=MAKE_RENDITIONS), ContentVersion.current()
    if job.state.get("content_version") == version:
        return "nothing to make"
    made = renditions.make_all() + share_pictures.make_all()
    # New pictures change the version themselves: the next run finds nothing more to make, and remembers that version.
    # A picture that failed is tried again, until it is set aside.
    if not made and not renditions.failed_once():
        Job.objects.filter(pk=job.pk).update(state={"content_version": version})
    return f"{made} made"


def correct_times(now: datetime | None = None) -> str:
    """Let mail and alarms go out now if their times can only come from a clock that was ahead and has been put back."""
    now = now or timezone.now()
    latest = now + SKEW
    longest_wait = timedelta(minutes=max(outbox.WAITS))
    unsent = Message.objects.unsent()
    corrected = (
        unsent.filter(not_before__gt=latest + longest_wait).update(not_before=now),
        unsent.filter(claimed_until__gt=latest + outbox.LEASE).update(claim="", claimed_until=None),
        # Alarms, reminders and the limits of mail count from these.
        Message.objects.filter(created_at__gt=latest).update(created_at=now),
        Message.objects.filter(sent_at__gt=latest).update(sent_at=now),
        Job.objects.filter(failing_since__gt=latest).update(failing_since=now),
    )
    return f"{sum(corrected)} times corrected"


def back_up() -> str:
    """Make the nightly backup, where there is a public key to encrypt it to."""
    if not settings.BACKUP_RECIPIENT:
        return "no BACKUP_RECIPIENT is set"
    try:
        return archive.make(settings.BACKUP_DIR, settings.BACKUP_RECIPIENT, prove=True)
    except (BackupError, OSError) as error:
        raise JobError(str(error)[:200]) from error


def job_specs() -> list[JobSpec]:
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    return [
        JobSpec("publish_scheduled", command("publish_scheduled"), every=minute, title="Publish scheduled pages"),
        JobSpec("check_clock", correct_times, every=minute, title="Correct what a wrong clock left behind"),
        JobSpec("check_alarms", alarms.check_alarms, every=minute, title="Raise, end and send alarms"),
        JobSpec("escalate_overdue", escalation.escalate_overdue, every=minute,
                title="Send reminders of overdue enquiries"),
        JobSpec(bounces.JOB, bounces.collect_bounces, every=5 * minute, title="Read bounces and patients’ replies"),
        JobSpec(MAKE_RENDITIONS, make_renditions, every=minute, lease=hour / 2,
                title="Make pictures in the sizes that pages use"),
        # A failed check raises an alarm of its own.
        JobSpec("prove_enquiries", synthetic_check.daily_check, daily_at=time(6, 10), lease=hour / 2, patience=None,
                title="Check that the enquiry form works"),
        # Health information must be deleted on time: a failure raises an alarm the same night.
        JobSpec(deletion.JOB, deletion.run_retention, daily_at=time(3, 30), lease=hour / 2, patience=timedelta(),
                title="Close answered enquiries, and delete those past their retention period"),
        JobSpec("remove_mail", backend.remove_expired, every=hour, title="Remove old mail about the site"),
        JobSpec("forget_senders", forget_senders, every=hour, title="Delete the hashed network addresses of enquiries"),
        JobSpec("forget_sign_ins", lambda: f"{delete_old_records()} forgotten", daily_at=time(3, 20),
                title="Delete old records of sign-ins"),
        JobSpec("forget_unfinished_uploads", lambda: f"{renditions.forget_unfinished_uploads()} forgotten",
                daily_at=time(3, 15), title="Delete pictures that were uploaded, but never described"),
        JobSpec("back_up", back_up, daily_at=time(2, 30), lease=hour,
                title="Make a backup, and prove that it can be restored"),
        JobSpec("clear_sessions", command("clearsessions"), daily_at=time(3, 10), title="Remove expired sessions"),
        *added,
    ]  # fmt: skip
