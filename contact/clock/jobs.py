"""What runs by the clock, and when. Times are the clinic's own (America/Whitehorse)."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from django.core.management import call_command

from clinic import renditions
from clinic.models import ContentVersion
from clinic.sharing import serving
from clinic.sign_in.records import forget_old_sign_ins
from contact import bounces, escalation
from contact.clock import alarms, heartbeat
from contact.clock.runner import Plan
from contact.models import Job
from contact.proof import canary, prover
from contact.retention import nightly
from contact.screening import senders

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
    return f"nothing to make at {version}"


def left_canaries() -> str:
    return f"{canary.remove_left()} removed"


def sign_ins() -> str:
    return f"{forget_old_sign_ins()} forgotten"


def plans() -> list[Plan]:
    minute = timedelta(minutes=1)
    return [
        Plan(heartbeat.HEARTBEAT, heartbeat.beat, every=heartbeat.BEATS_EVERY, lease=minute),
        Plan("publish_scheduled", run("publish_scheduled"), every=minute),
        Plan("alarms", alarms.look, every=minute),
        Plan("escalate_overdue", escalation.escalate_overdue, every=minute),
        Plan("collect_bounces", bounces.collect, every=5 * minute),
        Plan(MAKE_RENDITIONS, make_renditions, every=minute, lease=30 * minute),
        # A form that is not proven is an alarm of its own.
        Plan("prove_enquiries", prover.work, daily_at=time(6, 10), lease=30 * minute, patience=None),
        # Health information is deleted on time: somebody hears of it in the same night.
        Plan("purge_enquiries", nightly.tidy, daily_at=time(3, 30), lease=30 * minute, patience=timedelta()),
        Plan("remove_left_canaries", left_canaries, every=15 * minute),
        Plan("forget_senders", senders.forget_senders, every=60 * minute),
        Plan("forget_sign_ins", sign_ins, daily_at=time(3, 20)),
        Plan("clear_sessions", run("clearsessions"), daily_at=time(3, 10)),
    ]
