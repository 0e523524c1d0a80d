"""Each check of the audit finds what falls short, and says that all is well when it is."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axes.models import AccessFailureLog
from django.contrib.auth.models import Group, User
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from clinic.models import ClinicDetails
from clinic.sign_in import devices
from contact.audit import accounts, clinic, people, running, server
from contact.clock import heartbeat
from contact.clock.jobs import plans
from contact.events import Kind, record
from contact.models import Alarm, DeskSettings, Enquiry, EnquiryEvent, Job, ProofRun, PurgeRun
from contact.privacy_notice import versions
from tests import factories
from tests.contact.factories import make_enquiry, make_message

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django import Settings

    from contact.audit.finding import Finding

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=200)


def holds(check: Callable[[Any], Finding]) -> bool:
    return not check(timezone.now()).falls_short


def told(check: Callable[[Any], Finding]) -> str:
    found = check(timezone.now())
    return "\n".join([*found.found, found.to_do])


def test_roles_are_told_with_their_members(receptionist: User) -> None:
    assert "Reception: reception" in told(people.roles_and_members)
    assert holds(people.roles_and_members)
    User.objects.create_user("stray", password=factories.PASSWORD)
    assert "In no role: stray" in told(people.roles_and_members)
    assert not holds(people.roles_and_members)


def test_an_account_without_a_persons_name_records_nobody(receptionist: User, physio: User) -> None:
    assert not holds(people.who_may_see_enquiries)
    User.objects.filter(pk=receptionist.pk).update(first_name="Kim", last_name="Sample")
    assert holds(people.who_may_see_enquiries)
    assert "physiotherapists" not in told(people.who_may_see_enquiries)


def test_accounts_that_nobody_uses_are_named(manager: User, receptionist: User, physio: User) -> None:
    assert holds(people.long_away)
    User.objects.filter(pk=manager.pk).update(last_login=LONG_AGO)
    User.objects.filter(pk=receptionist.pk).update(date_joined=LONG_AGO)
    User.objects.filter(pk=physio.pk).update(last_login=LONG_AGO, is_active=False)
    said = told(people.long_away)
    assert "managers: last signed in" in said
    assert "reception: last signed in never" in said
    assert "physio" not in said


def test_two_administrators_are_enough() -> None:
    for number in range(3):
        assert holds(people.superusers)
        User.objects.create_superuser(f"administrator{number}")
    assert not holds(people.superusers)


def test_everybody_has_a_second_step_and_it_is_required(manager: User, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    assert "managers: none" in told(people.second_step)
    TOTPDevice.objects.create(user=manager, confirmed=False)
    assert not holds(people.second_step)
    TOTPDevice.objects.update(confirmed=True)
    assert holds(people.second_step)
    settings.REQUIRE_SECOND_FACTOR = False
    assert not holds(people.second_step)


def test_short_passwords_fall_short(settings: Settings) -> None:
    assert holds(people.passwords)
    settings.AUTH_PASSWORD_VALIDATORS = [
        {**rule, "OPTIONS": {"min_length": 6}} if "Length" in rule["NAME"] else rule
        for rule in settings.AUTH_PASSWORD_VALIDATORS
    ]
    assert not holds(people.passwords)


def test_many_failed_sign_ins_fall_short(manager: User) -> None:
    failure = AccessFailureLog(username=manager.username, user_agent="", http_accept="", path_info="")
    failure.save()
    assert "managers: 1" in told(people.failed_sign_ins)
    assert holds(people.failed_sign_ins)
    AccessFailureLog.objects.bulk_create(
        AccessFailureLog(username="unknown-1", user_agent="", http_accept="", path_info="", locked_out=True)
        for _ in range(people.MANY_FAILURES)
    )
    assert "For names that nobody has: 100" in told(people.failed_sign_ins)
    assert not holds(people.failed_sign_ins)
    AccessFailureLog.objects.update(attempt_time=LONG_AGO)
    assert holds(people.failed_sign_ins)


def test_help_with_signing_in_is_told(manager: User, receptionist: User) -> None:
    devices.take_away(receptionist, by=manager)
    assert "reception, second step taken away, by managers" in told(people.help_with_signing_in)


def test_who_looked_how_much_is_counted() -> None:
    assert told(accounts.who_looked) == "Nobody yet\n"
    for _ in range(2):
        EnquiryEvent.objects.create(kind=Kind.SEEN, reference="K7-3F9Q", actor_name="reception")
    record(Kind.RECEIVED, "K7-3F9Q")
    assert "reception: opened 2" in told(accounts.who_looked)


def test_an_answer_without_a_name_in_the_record_is_found() -> None:
    enquiry = make_enquiry(status=Enquiry.Status.ANSWERED)
    assert not holds(accounts.is_it_recorded)
    EnquiryEvent.objects.create(kind=Kind.LISTED, references=enquiry.reference, actor_name="reception")
    assert not holds(accounts.is_it_recorded)
    EnquiryEvent.objects.create(kind=Kind.CHANGED, references=enquiry.reference, actor_name="reception")
    assert holds(accounts.is_it_recorded)


def test_what_left_the_site_is_told() -> None:
    EnquiryEvent.objects.create(kind=Kind.EXPORTED, references="K7-3F9Q K8-3F9Q", actor_name="managers")
    assert "exported by managers, 2 enquiries" in told(accounts.what_left_the_site)


def test_what_should_have_been_deleted_is_counted() -> None:
    closed = make_enquiry(status=Enquiry.Status.CLOSED)
    assert holds(accounts.deleted_on_time)
    Enquiry.objects.filter(pk=closed.pk).update(closed_at=LONG_AGO)
    assert "Overdue: 1" in told(accounts.deleted_on_time)
    assert not holds(accounts.deleted_on_time)


def test_a_ledger_that_does_not_add_up_falls_short() -> None:
    assert holds(accounts.the_ledger)
    PurgeRun.objects.create(number=1, started_at=NOW, finished_at=NOW, reason="retention", hash="0" * 64)
    assert "Row 1 was changed after it was written." in told(accounts.the_ledger)
    assert not holds(accounts.the_ledger)


def test_old_legal_holds_are_asked_about() -> None:
    held = make_enquiry(legal_hold=True)
    assert holds(accounts.legal_holds)
    Enquiry.objects.filter(pk=held.pk).update(received_at=NOW - timedelta(days=800))
    assert not holds(accounts.legal_holds)
    assert held.reference not in told(accounts.legal_holds)


@pytest.mark.parametrize("status", ["new", "in_progress", "suspected_spam"])
def test_what_stays_open_for_ever_falls_short(status: str) -> None:
    enquiry = make_enquiry(status=status)
    assert holds(accounts.long_open)
    Enquiry.objects.filter(pk=enquiry.pk).update(received_at=LONG_AGO)
    assert not holds(accounts.long_open)


def test_the_workers_silence_falls_short() -> None:
    assert not holds(running.worker)
    Job.objects.create(name=heartbeat.HEARTBEAT, last_finished_at=timezone.now())
    assert holds(running.worker)


def test_every_job_has_ended_well_lately() -> None:
    assert not holds(running.jobs)
    Job.objects.bulk_create(Job(name=plan.name, last_finished_at=timezone.now()) for plan in plans())
    assert holds(running.jobs)
    Job.objects.filter(name="purge_enquiries").update(last_error="disk full")
    assert "purge_enquiries" in running.jobs(timezone.now()).to_do
    Job.objects.filter(name="purge_enquiries").update(last_error="", last_finished_at=LONG_AGO)
    assert not holds(running.jobs)


def test_the_form_was_proven_lately() -> None:
    assert not holds(running.proof)
    ProofRun.objects.create(url="https://clinic.example", is_proven=True, started_at=NOW, finished_at=NOW)
    assert holds(running.proof)
    later = timezone.now()
    ProofRun.objects.create(url="https://clinic.example", started_at=later, finished_at=later)
    assert not holds(running.proof)


def test_alarms_stand_for_nothing_and_somebody_would_be_told() -> None:
    assert "Told by: nothing" in told(running.alarms)
    desk = DeskSettings.load()
    desk.alarm_email = "alarm@example.org"
    desk.save()
    assert holds(running.alarms)
    Alarm.objects.create(kind=Alarm.Kind.WORKER_STOPPED)
    assert "The worker has stopped" in told(running.alarms)
    assert not holds(running.alarms)


def test_mail_that_does_not_get_through_is_counted() -> None:
    message = make_message()
    assert holds(running.mail)
    message.is_refused = True
    message.save()
    assert not holds(running.mail)


@pytest.mark.parametrize(
    ("check", "name", "days"), [(running.backups, "done", 3), (running.restores, "restore-tried", 201)]
)
def test_backups_and_restores_are_known_by_their_markers(
    settings: Settings, tmp_path: Path, check: Callable[[Any], Finding], name: str, days: int
) -> None:
    settings.BACKUP_MARKER = tmp_path / "done"
    marker = tmp_path / name
    assert not holds(check)
    marker.touch()
    assert holds(check)
    for when in (NOW - timedelta(days=days), NOW + timedelta(days=1)):
        os.utime(marker, (when.timestamp(), when.timestamp()))
        assert not holds(check)


HTTPS: dict[str, Any] = {
    "SITE_URL": "https://clinic.example", "SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 31_536_000,
    "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True,
    "SECRET_KEY": "q8w7e6r5t4y3u2i1o0pASDFGHJKLzxcvbnm-_QWERTYUIOP1234567890", "DEBUG": False,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_USE_TLS": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (server.encryption, {"SITE_URL": "http://clinic.example"}),
        (server.encryption, {"SECURE_HSTS_SECONDS": 3600}),
        (server.encryption, {"SECURE_SSL_REDIRECT": False}),
        (server.cookies, {"SESSION_COOKIE_SECURE": False}),
        (server.cookies, {"CSRF_COOKIE_SECURE": False}),
        (server.cookies, {"SESSION_COOKIE_AGE": 14 * 24 * 3600}),
        (server.secrets, {"DEBUG": True}),
        (server.secrets, {"SECRET_KEY": "short"}),
        (server.secrets, {"SECRET_KEY": "x" * 80}),
        (server.mail_server, {"EMAIL_USE_TLS": False}),
        (server.mail_server, {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
    ],
)
def test_settings_that_are_not_safe_fall_short(
    settings: Settings, check: Callable[[Any], Finding], wrong: dict[str, Any]
) -> None:
    for name, value in HTTPS.items():
        setattr(settings, name, value)
    assert holds(check), told(check)
    for name, value in wrong.items():
        setattr(settings, name, value)
    assert not holds(check)
    assert HTTPS["SECRET_KEY"] not in told(check)


def test_files_that_others_may_change_fall_short(settings: Settings, tmp_path: Path) -> None:
    settings.STATE_DIR = tmp_path / "state"
    settings.STATE_DIR.mkdir(mode=0o700)
    before = server.files(NOW).found
    settings.STATE_DIR.chmod(0o777)
    assert "state: open to others" not in before
    assert "state: open to others" in server.files(NOW).found


def test_djangos_own_checks_are_repeated(settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 0
    assert "security.W004" in told(server.deployment)


def test_the_database_is_told() -> None:
    assert server.database(NOW).found


def test_the_clinic_names_a_privacy_contact() -> None:
    factories.make_clinic()
    assert not holds(clinic.privacy_contact)
    ClinicDetails.objects.update(privacy_contact_name="Kim Sample", privacy_contact_email="kim@example.org")
    assert holds(clinic.privacy_contact)


def test_every_new_enquiry_names_its_notice() -> None:
    enquiry = make_enquiry()
    assert not holds(clinic.privacy_notice)
    Enquiry.objects.filter(pk=enquiry.pk).update(privacy_notice=versions.of_form(""))
    assert holds(clinic.privacy_notice)


def test_the_country_is_named() -> None:
    assert not holds(clinic.where_it_is_kept)
    desk = DeskSettings.load()
    desk.stored_where = "on a server in Canada"
    desk.save()
    assert holds(clinic.where_it_is_kept)


def test_a_physiotherapist_answers_for_the_warning_signs() -> None:
    assert "Answers for it: nobody" in told(clinic.warning_signs)
    desk = DeskSettings.load()
    desk.red_flags_owner = factories.make_practitioner()
    desk.red_flags_reviewed_on = timezone.localdate()
    desk.save()
    assert holds(clinic.warning_signs)
    desk.red_flags_reviewed_on = timezone.localdate() - timedelta(days=400)
    desk.save()
    assert not holds(clinic.warning_signs)


def test_licences_that_end_are_named() -> None:
    person = factories.make_practitioner(licence_valid_until=timezone.localdate() + timedelta(days=60))
    assert holds(clinic.licences)
    person.licence_valid_until = timezone.localdate() - timedelta(days=1)
    person.save()
    assert person.title in clinic.licences(NOW).to_do


def test_groups_of_the_clinic_are_all_there() -> None:
    found = people.roles_and_members(NOW).found
    assert len(found) == Group.objects.count()
