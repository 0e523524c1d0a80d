"""The promise as it stands: by when an enquiry is answered, from the main location's hours and the desk's settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from clinic.lib.holidays import holidays_of
from clinic.lib.logs import log_failure
from clinic.models import ClinicDetails, LocationPage
from clinic.page_cache.lifetime import copy_ends
from contact.intake.reply_time import WorkingHours, day_and_time, local
from contact.models import DeskSettings

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

# Where nothing is known, nothing is promised that may not be kept.
UNKNOWN = "We answer as soon as we can."


@dataclass(frozen=True)
class Plan:
    """Within how many working days enquiries are answered, and in which hours."""

    working_days: int
    hours: WorkingHours

    @classmethod
    def read(cls, request: HttpRequest | None = None) -> Plan:
        details = ClinicDetails.for_request(request) if request else ClinicDetails.objects.first()
        schedule = LocationPage.schedule_of(details.main_location_id if details else None)
        return cls(DeskSettings.load(request).reply_within_days, WorkingHours(schedule, holidays_of))

    def due(self, received: datetime) -> datetime | None:
        """Return by when an enquiry of this moment is answered; None while the clinic is closed for a year."""
        return self.hours.answer_by(received, self.working_days)


def plan(request: HttpRequest | None = None) -> Plan:
    """Return the plan; raises `django.db.Error` when it cannot be read."""
    return Plan.read(request)


def at_the_form(request: HttpRequest | None) -> str:
    """Return what an enquiry of this moment is promised, as a sentence; the page's copy ends when that changes."""
    now = timezone.now()
    try:
        current = plan(request)
        by = current.due(now)
        copy_ends(request, current.hours.closing_after(now))
        return in_words(now, by)
    except Exception as error:  # noqa: BLE001  whatever it is, the form is shown; it is logged
        log_failure("The promise at the form could not be reckoned", error)
        return UNKNOWN


def in_words(received: datetime, by: datetime | None) -> str:
    """Return what an enquiry of this moment was promised, as a sentence: no day where the clinic is closed for long."""
    return f"We answer by {day_and_time(by, local(received).date())}." if by else UNKNOWN
