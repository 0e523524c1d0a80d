"""What is due, reviews and licences, and the daily job that sends each reminder once."""

from collections import defaultdict
from datetime import date, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from clinic.admin.dashboard import edit_url
from clinic.models import BasePage, PractitionerPage
from contact.models import DeskSettings, Job
from contact.models.settings import staff_address
from contact.monitoring.scheduler import JobSpec
from services.models.review_task import pages_due

STAGES = (0, 30, 60)  # days before a review is due
FORGET_AFTER = timedelta(days=500)
NAME = "remind_of_reviews"


class Due(NamedTuple):
    """Something about a page, for a person and, when it is late, for the manager; `stage` has one reminder."""

    page: BasePage
    why: str
    stage: str
    person: PractitionerPage | None
    is_late: bool


def reviews() -> list[Due]:
    due = []
    for page in pages_due():
        stage = min(days for days in STAGES if page.days_left <= days)
        dates = f"{page.review_due} {page.content_changed_on} {stage}"
        due.append(Due(page, page.why_due, dates, page.reviewed_by, stage == 0))
    return due


def licences() -> list[Due]:
    """Return the licences that have expired and, from November on, each month those that end on January 31."""
    today, due = timezone.localdate(), []
    end = date(today.year + (today.month > 1), 1, 31) if today.month in {11, 12, 1} else today - timedelta(days=1)
    for person in PractitionerPage.objects.live().filter(licence_valid_until__lte=end).order_by("licence_valid_until"):
        day = person.licence_valid_until or today
        if day < today:
            due.append(Due(person, f"The licence expired on {date_format(day)}", f"{day}", person, is_late=True))
        else:
            due.append(Due(person, f"Renew the licence by {date_format(day)}", f"{today:%Y-%m}", person, is_late=False))
    return due


@transaction.atomic
def send_reminders() -> str:
    """Send everyone one mail with all that is new; the manager also gets what is for no one with an account."""
    job, today = Job.objects.get(name=NAME), timezone.localdate()
    sent = {key: day for key, day in job.state.items() if date.fromisoformat(day) > today - FORGET_AFTER}
    manager, mails = DeskSettings.load().manager_email or staff_address(), defaultdict(list)
    for one in [*reviews(), *licences()]:
        key = f"{one.page.pk} {one.stage}"
        if key not in sent:
            sent[key] = today.isoformat()
            user = one.person and one.person.user
            own = user.email if user and user.is_active else ""
            for address in {own or manager, manager if one.is_late else own} - {""}:
                mails[address].append((one, f"{settings.WAGTAILADMIN_BASE_URL}{edit_url(one.page.pk)}"))
    for address, items in mails.items():
        text = render_to_string("services/mail/reminder.txt", {"items": items})
        send_mail("Reviews and licences that are due", text, None, [address])
    Job.objects.filter(pk=job.pk).update(state=sent)
    return f"{len(mails)} sent"


JOB = JobSpec(NAME, send_reminders, daily_at=time(8), title="Remind people of reviews and licences that are due")
