from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone
from pytest_django import Settings
from wagtail import hooks

from clinic.admin.dashboard import HOOK
from clinic.models import PractitionerPage
from contact import jobs
from contact.models import DeskSettings, Job
from services.models.review_task import person_of
from services.reminders import NAME, send_reminders
from tests import factories

pytestmark = pytest.mark.django_db
MANAGER, REVIEWER = "manager@example.org", "person@example.org"
DAY = timedelta(days=1)
DUE = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    desk = DeskSettings.load()
    desk.manager_email = MANAGER
    desk.save()
    Job.objects.get_or_create(name=NAME)


@pytest.fixture
def robin(physio: User) -> PractitionerPage:
    return factories.make_practitioner(user=physio)


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def set(self, moment: datetime | date) -> None:
        """Set Whitehorse's clock, to noon if only a day is given."""
        local = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day, 12)  # noqa: DTZ001  local time
        self.monkeypatch.setattr(timezone, "now", lambda: local.replace(tzinfo=ZoneInfo("America/Whitehorse")))

    def sent_on(self, day: date) -> list[str]:
        """Return who gets mail on this day."""
        self.set(day)
        mail.outbox.clear()
        next(spec for spec in jobs.job_specs() if spec.name == NAME).work()
        return sorted(to for one in mail.outbox for to in one.to)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_the_reviewer_is_reminded_60_and_30_days_before_and_the_manager_too_on_the_day(
    clock: Clock, robin: PractitionerPage
) -> None:
    clock.set(DUE - 365 * DAY)
    factories.make_service(reviewed_by=robin, review_due=DUE)
    sent = {days: clock.sent_on(DUE - days * DAY) for days in (61, 60, 59, 31, 30, 1, 0, -1, -90)}
    assert {days: to for days, to in sent.items() if to} == {60: [REVIEWER], 30: [REVIEWER], 0: [MANAGER, REVIEWER]}


def test_one_mail_lists_all_that_is_due_with_its_address(clock: Clock, robin: PractitionerPage) -> None:
    clock.set(DUE - 365 * DAY)
    first, second = (factories.make_service(title, reviewed_by=robin, review_due=DUE) for title in ("IMS", "Cupping"))
    assert clock.sent_on(DUE - 60 * DAY) == [REVIEWER]
    body = mail.outbox[0].body
    for page in (first, second):
        assert f"{page.title}: Its clinical review is due on June 15, 2026." in body
        assert f"/admin/pages/{page.pk}/edit/" in body


@pytest.mark.parametrize("fields", [{}, {"review_due": None}])
def test_a_page_without_a_due_date_is_due(clock: Clock, fields: dict[str, Any]) -> None:
    clock.set(DUE)
    factories.make_service(**fields)
    assert clock.sent_on(DUE) == [MANAGER]
    assert clock.sent_on(DUE + DAY) == []


def test_a_draft_and_a_page_that_was_signed_again_remind_no_one(clock: Clock, robin: PractitionerPage) -> None:
    clock.set(DUE - 365 * DAY)
    factories.make_service("Draft", live=False, reviewed_by=robin, review_due=DUE)
    page = factories.make_service(reviewed_by=robin, review_due=DUE)
    assert clock.sent_on(DUE - 30 * DAY) == [REVIEWER]
    factories.sign_off(page, reviewed_by=robin, review_due=DUE + 335 * DAY)
    assert clock.sent_on(DUE) == []


def test_licences_are_reminded_of_each_month_from_november_until_they_are_renewed(
    clock: Clock, robin: PractitionerPage
) -> None:
    PractitionerPage.objects.update(licence_valid_until=date(2027, 1, 31))
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2), date(2026, 12, 1), date(2027, 1, 31)]
    assert [clock.sent_on(day) for day in days] == [[], [REVIEWER], [], [REVIEWER], [REVIEWER]]
    assert clock.sent_on(date(2027, 2, 1)) == [MANAGER, REVIEWER]
    assert clock.sent_on(date(2027, 2, 2)) == []
    PractitionerPage.objects.update(licence_valid_until=date(2028, 1, 31))
    assert clock.sent_on(date(2027, 2, 3)) == []
    assert clock.sent_on(date(2027, 11, 1)) == [REVIEWER]
    PractitionerPage.objects.update(user=None, licence_valid_until=date(2028, 1, 30))
    assert clock.sent_on(date(2027, 12, 1)) == [MANAGER], "for someone without an account"


def test_a_licence_ends_at_midnight_in_whitehorse(clock: Clock, robin: PractitionerPage, physio: User) -> None:
    PractitionerPage.objects.update(licence_valid_until=date(2027, 1, 31))
    robin.refresh_from_db()
    clock.set(datetime(2027, 1, 31, 23, 59))  # noqa: DTZ001  local time; in UTC it is February already
    assert (robin.is_bookable, person_of(physio)) == (True, robin)
    clock.set(datetime(2027, 2, 1, 0, 0))  # noqa: DTZ001  local time
    assert (robin.is_bookable, person_of(physio)) == (False, None)
    shown = [item for items_for in hooks.get_hooks(HOOK) for item in items_for(physio)]
    assert "The licence expired on January 31, 2027" in {item.reason for item in shown}


def test_a_reminder_that_could_not_be_stored_is_sent_next_time(
    clock: Clock, robin: PractitionerPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(DUE)
    factories.make_service(reviewed_by=robin, review_due=DUE)
    with monkeypatch.context() as broken:
        broken.setattr("services.reminders.send_mail", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send_reminders()
    assert clock.sent_on(DUE) == [MANAGER, REVIEWER]
