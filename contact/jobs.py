"""What runs by the clock, and when. Times are the clinic's own (America/Whitehorse)."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from django.core.management import call_command

from clinic.images import renditions, share_pictures
from clinic.models import ContentVersion
from clinic.sign_in.limits import delete_old_records
from contact.intake import canary
from contact.mail import bounces
from contact.models import Job
from contact.monitoring import alarms, heartbeat
from contact.monitoring.scheduler import JobSpec
from contact.monitoring.synthetic_check import prover
from contact.privacy.deletion import run_retention
from contact.screening import forget_senders
from contact.workflow import escalation

if TYPE_CHECKING:
    from collections.abc import Callable

MAKE_RENDITIONS = "make_renditions"


def run(command: str) -> Callable[[], str]:
    """Return what runs Django's or Wagtail's own command."""

    def work() -> str:
        call_command(command, verbosity=0)
        return "done"

    return work


def make_renditions() -> str:
    """Make the picture sizes that pages use and the pictures for sharing, if anything was published since last time."""
    job, version = Job.objects.get(name=MAKE_RENDITIONS), ContentVersion.current()
    if job.state.get("content_version") == version:
        return "nothing to make"
    made = sum(renditions.make_all()) + sum(share_pictures.make_all())
    # New pictures change the version themselves: the next run finds nothing more to make, and remembers that version.
    if not made:
        Job.objects.filter(pk=job.pk).update(state={"content_version": version})
    return f"{made} made"


def left_canaries() -> str:
    return f"{canary.remove_left()} removed"


def sign_ins() -> str:
    return f"{delete_old_records()} forgotten"


def plans() -> list[JobSpec]:
    minute = timedelta(minutes=1)
    return [
        JobSpec(
            heartbeat.HEARTBEAT, heartbeat.beat, every=heartbeat.BEATS_EVERY, lease=minute,
            title="Give a sign of life",
        ),
        JobSpec("publish_scheduled", run("publish_scheduled"), every=minute, title="Publish pages that are due"),
        JobSpec("alarms", alarms.look, every=minute, title="Look for what needs an alarm"),
        JobSpec("escalate_overdue", escalation.escalate_overdue, every=minute, title="Remind of overdue enquiries"),
        JobSpec("collect_bounces", bounces.collect, every=5 * minute, title="Take in mail that came back"),
        JobSpec(
            MAKE_RENDITIONS, make_renditions, every=minute, lease=30 * minute,
            title="Make pictures in the sizes that pages show",
        ),
        # A form that is not proven is an alarm of its own.
        JobSpec(
            "prove_enquiries", prover.work, daily_at=time(6, 10), lease=30 * minute, patience=None,
            title="Prove that the enquiry form works",
        ),
        # Health information is deleted on time: somebody hears of it in the same night.
        JobSpec(
            "purge_enquiries", run_retention, daily_at=time(3, 30), lease=30 * minute, patience=timedelta(),
            title="Close what was answered, delete what was kept long enough",
        ),
        JobSpec(
            "remove_left_canaries", left_canaries, every=15 * minute,
            title="Remove what an interrupted proof of the form left",
        ),
        JobSpec(
            "forget_senders", forget_senders, every=60 * minute,
            title="Forget from which network address enquiries came",
        ),
        JobSpec("forget_sign_ins", sign_ins, daily_at=time(3, 20), title="Forget old sign-ins"),
        JobSpec("clear_sessions", run("clearsessions"), daily_at=time(3, 10), title="Remove sessions that have ended"),
    ]  # fmt: skip
