"""What came when, and how soon it was answered: counted in the database, with what was deleted since."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from contact.intake.reply_time import local
from contact.models import Enquiry, Tally
from contact.models.enquiry import WAITING, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contact.intake.reply_time import WorkingHours

TOPIC, HOUR, OUTCOME, WAIT = Tally.Kind.values
# What is counted: a kind, the first day of the week or month, and which topic, hour, outcome or half-hours.
Key = tuple[str, date, str]

WEEKS, MONTHS = 52, 12
HALF_HOUR = timedelta(minutes=30)
# So many answers give a median that a clinic can rely on; of more, every second, third … is taken.
MOST_ANSWERS_READ = 5000

IN_TIME, LATE, OVERDUE, WAITING_STILL, UNANSWERED, UNPROMISED = (
    "in_time", "late", "overdue", "waiting", "unanswered", "unpromised",
)  # fmt: skip


def weeks(today: date) -> list[date]:
    """Return the Mondays of the last 52 weeks, this one's last."""
    monday = first_of_week(today)
    return [monday - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]


def months(today: date) -> list[date]:
    """Return the first days of the last twelve months, this one's last."""
    number = today.year * 12 + today.month - 1
    numbers = range(number - MONTHS + 1, number + 1)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def first_of_week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def twelve_months(hours: WorkingHours, now: datetime) -> Counter[Key]:
    """Return what came since the first of the weeks and months that are shown, by four queries."""
    today = local(now).date()
    since = min(weeks(today)[0], months(today)[0])
    begins = timezone.make_aware(datetime.combine(since, datetime.min.time()), timezone.get_default_timezone())
    counted = count(Enquiry.objects.filter(received_at__gte=begins), hours, now)
    deleted = Tally.objects.filter(period__gte=since).values_list("kind", "period", "label", "count")
    for kind, period, label, number in deleted:
        counted[kind, period, label] += number
    return counted


def count(enquiries: QuerySet[Enquiry], hours: WorkingHours, now: datetime) -> Counter[Key]:
    """Count enquiries without spam."""
    real = enquiries.exclude(status__in=(Status.SPAM, Status.SUSPECTED_SPAM)).order_by()
    counted: Counter[Key] = Counter()
    for utc_hour, topic, outcome, number in _by_hour(real, now):
        week, month, hour = _place_of(utc_hour)
        counted[TOPIC, week, topic] += number
        counted[HOUR, month, hour] += number
        counted[OUTCOME, month, outcome] += number
    answers = sum(number for (_, _, label), number in counted.items() if label in {IN_TIME, LATE})
    every = answers // MOST_ANSWERS_READ + 1
    answered = real.filter(answered_at__isnull=False).annotate(turn=F("pk") % every)
    for received, answered_at in _moments(answered.filter(turn=0)):
        waited = round(hours.time_between(received, answered_at) / HALF_HOUR)
        counted[WAIT, local(received).date().replace(day=1), str(waited)] += every
    return counted


@lru_cache(maxsize=WEEKS * 7 * 24)
def _place_of(utc_hour: str) -> tuple[date, date, str]:
    """Return the Monday, the first of the month and the hour, by the clinic's clock, of `2026-11-23 16` in UTC."""
    moment = local(datetime.fromisoformat(utc_hour).replace(tzinfo=UTC))
    return first_of_week(moment.date()), moment.date().replace(day=1), str(moment.hour)


def _by_hour(enquiries: QuerySet[Enquiry], now: datetime) -> Iterable[tuple[str, str, str, int]]:
    outcome = Case(
        When(due_at=None, then=Value(UNPROMISED)),
        When(answered_at__lte=F("due_at"), then=Value(IN_TIME)),
        When(answered_at__isnull=False, then=Value(LATE)),
        When(status__in=WAITING, due_at__lt=now, then=Value(OVERDUE)),
        When(status__in=WAITING, then=Value(WAITING_STILL)),
        default=Value(UNANSWERED),
    )
    grouped = enquiries.annotate(hour=_text("received_at", len("2026-11-23 16")), outcome=outcome)
    return grouped.values_list("hour", "topic", "outcome").annotate(number=Count("pk"))


def _moments(enquiries: QuerySet[Enquiry]) -> Iterator[tuple[datetime, datetime]]:
    length = len("2026-11-23 16:30")
    texts = enquiries.values_list(_text("received_at", length), _text("answered_at", length))
    for pair in texts.iterator():
        received, answered = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in pair)
        yield received, answered


def _text(field: str, length: int) -> Substr:
    """Return the beginning of a moment's text, in UTC.

    Both databases cut it off at once; `TruncHour` would call Python for each row on SQLite.
    """
    return Substr(Cast(field, CharField()), 1, length)
