"""Waiting times and dates in a few words, for lists."""

from datetime import datetime, time, timedelta

from clinic.lib.opening_hours import clock, day_name
from contact.intake.promise import LOOK_AHEAD_DAYS, ReplyPolicy, local
from contact.models import Enquiry

# When to call those who prefer a time of day.
BEST_TIMES = {"morning": time(9), "midday": time(11), "afternoon": time(14), "late": time(16, 30)}
THREE = time(15)
A_MINUTE = timedelta(minutes=1)
HOURS_OF_A_DAY = 24
ROUGH_FROM_HOURS = 10
DAYS_WITH_A_NAME = 7


def in_words(time: timedelta, *, has_days: bool = True) -> str:
    """Return `3 days 4 h`, `43 h`, `2 h 5 min` or `12 min`; no days of working time, for such a day has no 24 hours."""
    hours, minutes = divmod(max(int(time.total_seconds()) // 60, 0), 60)
    if has_days and hours >= HOURS_OF_A_DAY:
        days, hours = divmod(hours, HOURS_OF_A_DAY)
        return f"{days} day{'s' if days > 1 else ''}" + (f" {hours} h" if hours else "")
    if hours >= ROUGH_FROM_HOURS:
        return f"{hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def waited(enquiry: Enquiry, now: datetime, policy: ReplyPolicy, unit: str = "") -> str:
    """Return how long a patient has waited or, once answered, did wait; "" for those who got no answer.

    Hours in which the clinic was closed do not count, except for a patient who may be in danger. `unit` is added to
    what is counted in working hours.
    """
    since, until = enquiry.received_at, now if enquiry.is_waiting else enquiry.answered_at
    if until is None:
        return ""
    worked = policy.time_between(since, until)
    counted = f"{in_words(worked, has_days=False)}{unit}" if worked >= A_MINUTE else "outside opening hours"
    if until - since < A_MINUTE:
        return "less than a minute" if enquiry.is_waiting else "within a minute"
    if not enquiry.is_waiting:
        return f"after {counted}" if worked >= A_MINUTE else counted
    if enquiry.red_flags:
        return f"{in_words(until - since)} in total"
    return counted if worked >= A_MINUTE else f"{counted} so far"


def follow_up_times(enquiry: Enquiry, now: datetime, policy: ReplyPolicy) -> dict[str, datetime]:
    """Return when to try again: “today” at three, while that is ahead, and “tomorrow”, the next working day."""
    now, times = local(now), {}
    if now.time() < THREE and policy.stretches(now.date()):
        times["today"] = now.replace(hour=15, minute=0, second=0, microsecond=0)
    for ahead in range(1, LOOK_AHEAD_DAYS):
        if stretches := policy.stretches(now.date() + timedelta(days=ahead)):
            at = max(stretches[0][0], BEST_TIMES.get(enquiry.best_time, time()))
            at = at if at < stretches[-1][1] else stretches[-1][0]
            return times | {"tomorrow": datetime.combine(now.date() + timedelta(days=ahead), at, now.tzinfo)}
    return times


def when(moment: datetime, now: datetime) -> str:
    """Return “today 5 p.m.”, “yesterday 4:10 p.m.”, “Friday 5 p.m.”, “Monday, January 4 5 p.m.” or, for a day that is
    a week ago or more, “October 23”.
    """
    moment, now = local(moment), local(now)
    days = (now.date() - moment.date()).days
    if days >= DAYS_WITH_A_NAME:
        return f"{moment:%B} {moment.day}" + (f", {moment.year}" if moment.year != now.year else "")
    day = day_name(moment.date(), now.date()) if days <= 0 else "yesterday" if days == 1 else f"{moment:%A}"
    return f"{day} {clock(moment.time())}"
