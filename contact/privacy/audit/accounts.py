"""What was done with enquiries: who looked how much, what left the site, and whether things are deleted on time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from contact.models import Enquiry, EnquiryEvent, PurgeRun
from contact.models.enquiry import WAITING, Status
from contact.models.event import EventType
from contact.privacy.audit.finding import Finding, counted, finding, moment
from contact.privacy.retention.rules import Rules
from contact.privacy.retention.verification import verify

if TYPE_CHECKING:
    from datetime import datetime

TWO_YEARS = timedelta(days=730)
PURGED_WITHIN = timedelta(days=2)
LONG_OPEN = timedelta(days=60)


def who_looked(now: datetime) -> Finding:
    events = EnquiryEvent.objects.filter(at__gte=now - TWO_YEARS).exclude(actor_name="")
    # What names no enquiry is the ledger's row about the same deletion.
    events = events.exclude(reference="", references="")
    totals: dict[str, Counter[str]] = {}
    for row in events.values("actor_name", "kind").annotate(times=Count("pk")).order_by("actor_name"):
        totals.setdefault(row["actor_name"], Counter())[row["kind"]] = row["times"]
    labels = dict(EventType.choices)
    return finding(
        "Who looked at enquiries, and who did what",
        "The record of user activity of the last two years, counted for each person.",
        [
            f"{name}: " + ", ".join(f"{labels[kind].lower()} {times:,}" for kind, times in kinds.most_common())
            for name, kinds in totals.items()
        ]
        or ["Nobody yet"],
        wrong=False,
        to_do="",
    )


def is_it_recorded(now: datetime) -> Finding:
    """Enquiries that were answered must have been looked at by somebody: the record shows whether it works."""
    month = now - timedelta(days=30)
    answered = Enquiry.objects.filter(answered_at__gte=month).values_list("reference", flat=True)
    seen = EnquiryEvent.objects.filter(at__gte=month).exclude(actor_name="").exclude(kind=EventType.LISTED)
    named = {one for pair in seen.values_list("reference", "references") for words in pair for one in words.split()}
    missing = set(answered) - named
    return finding(
        "Is every look recorded?",
        "Whether each enquiry answered in the last 30 days has somebody in its record who opened or changed it.",
        [f"{counted(len(answered), 'enquiry', 'enquiries')} answered, {len(missing)} without a name in the record"],
        wrong=missing,
        to_do="Find out how these were answered: past the desk, nobody's name is recorded.",
    )


def what_left_the_site(now: datetime) -> Finding:
    given = EnquiryEvent.objects.filter(kind__in=[EventType.EXPORTED, EventType.DISCLOSED], at__gte=now - TWO_YEARS)
    return finding(
        "Exports and disclosures",
        "Lists that were exported and data that was given to the person it is about, in the last two years.",
        [
            f"{moment(event.at)}: {event.get_kind_display().lower()} by {event.actor_name or 'the site itself'}, "
            f"{counted(len(event.references.split()) or 1, 'enquiry', 'enquiries')}"
            for event in given.order_by("-at")[:100]
        ]
        or ["None"],
        wrong=False,
        to_do="",
    )


def deleted_on_time(now: datetime) -> Finding:
    rules = Rules.in_force()
    last = PurgeRun.objects.filter(reason=PurgeRun.Reason.RETENTION).order_by("-number").first()
    late = rules.due(now - PURGED_WITHIN).count()
    return finding(
        "Deleted on time",
        "Whether anything stands that should have been deleted more than two days ago.",
        [
            f"Kept after closing: {rules.keep_closed_days} days; spam: {rules.keep_spam_days} days",
            f"Last deletion: {moment(last.finished_at if last else None)}",
            f"Overdue: {late}",
        ],
        wrong=late,
        to_do="See that the worker runs (“manage.py work”), then run “manage.py purge_enquiries”.",
    )


def the_ledger(_now: datetime) -> Finding:
    verdict = verify()
    totals = PurgeRun.objects.count()
    return finding(
        "The ledger of deletions",
        "Whether its chain of hashes adds up, with the record of events and with the copy outside of the database.",
        [f"{counted(totals, 'row')}", *(verdict.faults or [str(verdict)])],
        wrong=verdict.faults,
        to_do="Find out who had access to the database, and treat it as a breach until it is explained.",
    )


def legal_holds(now: datetime) -> Finding:
    held = Enquiry.objects.filter(legal_hold=True).order_by("received_at")
    old = held.filter(received_at__lt=now - TWO_YEARS).count()
    return finding(
        "Legal holds",
        "Enquiries that are kept for as long as somebody says so.",
        [f"Received {moment(enquiry.received_at)}" for enquiry in held[:100]] or ["None"],
        wrong=old,
        to_do="Ask whether the reason still stands for those that are older than two years.",
    )


def long_open(now: datetime) -> Finding:
    open_ones = Q(status__in=[*WAITING, Status.SUSPECTED_SPAM]) & Q(received_at__lt=now - LONG_OPEN)
    number = Enquiry.objects.filter(open_ones).count()
    return finding(
        "Nothing stays open for ever",
        f"Enquiries that nobody has answered or judged for {LONG_OPEN.days} days: they are never deleted.",
        [counted(number, "enquiry", "enquiries")],
        wrong=number,
        to_do="Answer or close them at the desk, and decide what waits in the tray of suspected spam.",
    )
