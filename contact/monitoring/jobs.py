"""What runs by the clock, and when. Times are the clinic's own (America/Whitehorse)."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from django.core.management import call_command

from clinic.images import renditions
from clinic.images.sharing import serving
from clinic.models import ContentVersion
from clinic.sign_in.records import forget_old_sign_ins
from contact.intake import canary
from contact.mail import bounces
from contact.models import Job
from contact.monitoring import alarms, heartbeat
from contact.monitoring.runner import Plan
from contact.monitoring.synthetic_check import prover
from contact.privacy.retention import nightly
from contact.screening import senders
from contact.workflow import escalation

if TYPE_CHECKING:
    from collections.abc import Callable

MAKE_RENDITIONS = "make_renditions"
# Behind it stands in a result what the job itself has to know the next time.
REMEMBERED = "; as of "


def run(command: str) -> Callable[[], str]:
    """Return what runs Django's or Wagtail's own command."""

    def work() -> str:
        call_command(command, verbosity=0)
        return "done"

    return work


def make_renditions() -> str:
    """Make the sizes of pictures that pages show and the pictures for sharing, where pages have changed since the last
    look.
    """
    version = ContentVersion.current()
    before = Job.objects.filter(name=MAKE_RENDITIONS).values_list("last_result", flat=True).first()
    made = 0
    if before != seen(version):
        made = sum(renditions.make_all()) + sum(serving.make_all())
    # Pictures that were made renew the version: then the next look finds nothing more to make.
    return seen(version) if not made else f"{made} made"


def seen(version: str) -> str:
    return f"nothing to make{REMEMBERED}{version}"


def plain(result: str) -> str:
    """Return what a job did, without what it remembers by it."""
    return result.partition(REMEMBERED)[0]


def left_canaries() -> str:
    return f"{canary.remove_left()} removed"


def sign_ins() -> str:
    return f"{forget_old_sign_ins()} forgotten"


def plans() -> list[Plan]:
    minute = timedelta(minutes=1)
    return [
        Plan(
            heartbeat.HEARTBEAT, heartbeat.beat, every=heartbeat.BEATS_EVERY, lease=minute,
            title="Give a sign of life",
        ),
        Plan("publish_scheduled", run("publish_scheduled"), every=minute, title="Publish pages that are due"),
        Plan("alarms", alarms.look, every=minute, title="Look for what needs an alarm"),
        Plan("escalate_overdue", escalation.escalate_overdue, every=minute, title="Remind of overdue enquiries"),
        Plan("collect_bounces", bounces.collect, every=5 * minute, title="Take in mail that came back"),
        Plan(
            MAKE_RENDITIONS, make_renditions, every=minute, lease=30 * minute,
            title="Make pictures in the sizes that pages show",
        ),
        # A form that is not proven is an alarm of its own.
        Plan(
            "prove_enquiries", prover.work, daily_at=time(6, 10), lease=30 * minute, patience=None,
            title="Prove that the enquiry form works",
        ),
        # Health information is deleted on time: somebody hears of it in the same night.
        Plan(
            "purge_enquiries", nightly.tidy, daily_at=time(3, 30), lease=30 * minute, patience=timedelta(),
            title="Close what was answered, delete what was kept long enough",
        ),
        Plan(
            "remove_left_canaries", left_canaries, every=15 * minute,
            title="Remove what an interrupted proof of the form left",
        ),
        Plan(
            "forget_senders", senders.forget_senders, every=60 * minute,
            title="Forget from which network address enquiries came",
        ),
        Plan("forget_sign_ins", sign_ins, daily_at=time(3, 20), title="Forget old sign-ins"),
        Plan("clear_sessions", run("clearsessions"), daily_at=time(3, 10), title="Remove sessions that have ended"),
    ]  # fmt: skip
