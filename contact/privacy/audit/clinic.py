"""What managers keep up: who answers for privacy, the notice, the warning signs, licences."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format

from clinic.models import ClinicDetails, PractitionerPage
from contact.models import DeskSettings, Enquiry, PrivacyNotice, RedFlag
from contact.privacy.audit.finding import Finding, counted, finding, moment
from contact.privacy_notice import versions
from contact.screening import review

if TYPE_CHECKING:
    from datetime import date, datetime

LICENCE_AHEAD = timedelta(days=30)
TOLD_WITHIN = timedelta(days=30)


def privacy_contact(_now: datetime) -> Finding:
    details = ClinicDetails.objects.first() or ClinicDetails()
    name, email = details.privacy_contact_name, details.privacy_contact_email
    return finding(
        "The privacy contact",
        "Whether the clinic names somebody whom patients can ask, as the Act wants.",
        [f"Name: {name or 'none'}", f"E-mail: {email or 'none'}"],
        wrong=not (name and email),
        to_do="Fill both in (Settings, Clinic details).",
    )


def privacy_notice(now: datetime) -> Finding:
    current = versions.shown()
    recent = Enquiry.objects.filter(received_at__gte=now - TOLD_WITHIN)
    without = recent.filter(privacy_notice=None).count()
    used = [f"{notice.version}: since {moment(notice.first_used_at)}" for notice in PrivacyNotice.objects.all()]
    return finding(
        "The privacy notice",
        "The wording at the form, rendered from the running settings, and whether each new enquiry keeps its version.",
        [
            f"Now: {current.version if current else 'cannot be rendered'}",
            *used,
            f"{counted(recent.count(), 'enquiry', 'enquiries')} in 30 days, {without} without a version",
        ],
        wrong=without or current is None,
        to_do="Look for “privacy notice” in the site's log: it says why a wording could not be kept.",
    )


def where_it_is_kept(_now: datetime) -> Finding:
    said = DeskSettings.load().stored_where
    untouched = DeskSettings._meta.get_field("stored_where").default
    return finding(
        "Where enquiries are kept",
        "What the notice tells patients: it shall name the country.",
        [f"“It is kept {said}.”"],
        wrong=said == untouched,
        to_do="Name the country, for example “on a server in Canada” (Settings, Enquiry desk).",
    )


def warning_signs(_now: datetime) -> Finding:
    desk = DeskSettings.load()
    owner = desk.red_flags_owner
    active = RedFlag.objects.filter(is_active=True).count()
    return finding(
        "Warning signs",
        "Which physiotherapist answers for the list, and whether it was reviewed within a year, as it is now.",
        [
            f"Answers for it: {owner.title if owner else 'nobody'}",
            f"Reviewed: {day(desk.red_flags_reviewed_on)}{', changed since' if review.has_changed(desk) else ''}",
            f"{counted(active, 'sign')} in use",
        ],
        wrong=not owner or not review.is_current(desk) or not active,
        to_do="Name a physiotherapist (Settings, Enquiry desk), and let them review the list (Wagtail, Warning signs).",
    )


def licences(_now: datetime) -> Finding:
    today = timezone.localdate()
    people = list(PractitionerPage.objects.live().order_by("title"))
    ending = [person.title for person in people if not _holds(person.licence_valid_until, today)]
    return finding(
        "Licences of physiotherapists",
        "Until when each licence is valid; Yukon's end on 31 January.",
        [f"{person.title}: {day(person.licence_valid_until)}" for person in people] or ["Nobody is on the site"],
        wrong=ending,
        to_do=f"See the renewed licence and enter its date: {', '.join(ending)}.",
    )


def day(date: date | None) -> str:
    return date_format(date, "j F Y") if date else "no date"


def _holds(until: date | None, today: date) -> bool:
    return until is not None and until >= today + LICENCE_AHEAD
