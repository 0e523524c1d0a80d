"""The audit of safeguards: each check is OK, needs attention or has failed, and no sentence has patients' data."""

import os
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from axes.models import AccessFailureLog
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from wagtail.models import Site

from clinic.models import ClinicDetails
from contact.models import DeskSettings, EnquiryEvent, SyntheticCheck
from contact.models.event import EventType
from contact.monitoring import health
from contact.privacy import audit
from contact.privacy.audit import ATTENTION, FAILED, OK
from tests.contact.factories import make_enquiry

Check = Callable[[Any], audit.Finding]

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=200)


def state(check: Check) -> audit.State:
    return check(timezone.now())[0]


def sentence(check: Check) -> str:
    return check(timezone.now())[1]


@pytest.mark.usefixtures("receptionist")
def test_accounts_are_listed_by_role_and_those_without_a_role_or_a_name_need_attention() -> None:
    assert "Without a person's name, so that no one knows who did what: reception" in sentence(audit.accounts_and_roles)
    User.objects.update(first_name="Kim", last_name="Sample")
    for number, expected in enumerate((OK, OK, ATTENTION)):
        User.objects.create_superuser(f"administrator{number}", first_name="Administrator")
        assert state(audit.accounts_and_roles) == expected, "more than two administrators are too many"
    User.objects.filter(is_superuser=True).delete()
    assert "Reception: reception" in sentence(audit.accounts_and_roles)
    User.objects.create_user("stray", first_name="Stray")
    assert state(audit.accounts_and_roles) == ATTENTION
    assert "In no role: stray" in sentence(audit.accounts_and_roles)


def test_the_second_step_is_required_and_set_up_for_everyone(manager: User, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    assert state(audit.second_step_at_sign_in) == ATTENTION
    assert "managers" in sentence(audit.second_step_at_sign_in)
    TOTPDevice.objects.create(user=manager, confirmed=True)
    assert state(audit.second_step_at_sign_in) == OK
    settings.REQUIRE_SECOND_FACTOR = False
    assert state(audit.second_step_at_sign_in) == FAILED


def test_unused_accounts_are_named_and_inactive_ones_are_not(manager: User, receptionist: User, physio: User) -> None:
    assert state(audit.unused_accounts) == OK
    User.objects.filter(pk=manager.pk).update(last_login=LONG_AGO)
    User.objects.filter(pk=receptionist.pk).update(date_joined=LONG_AGO)
    User.objects.filter(pk=physio.pk).update(last_login=LONG_AGO, is_active=False)
    assert state(audit.unused_accounts) == ATTENTION
    assert "managers, reception." in sentence(audit.unused_accounts)


def test_failed_sign_ins_and_exports_of_the_last_90_days_are_counted() -> None:
    failure = {"user_agent": "", "http_accept": "", "path_info": "", "locked_out": True}
    AccessFailureLog.objects.bulk_create(AccessFailureLog(**failure) for _ in range(audit.MANY_FAILURES))
    assert state(audit.failed_sign_ins) == ATTENTION
    AccessFailureLog.objects.update(attempt_time=LONG_AGO)
    assert state(audit.failed_sign_ins) == OK
    for kind, who in ((EventType.EXPORTED, "reception"), (EventType.DISCLOSED, "manager"), (EventType.SEEN, "physio")):
        EnquiryEvent.objects.create(kind=kind, actor_name=who)
    assert audit.exports_made(timezone.now()) == (OK, "2 in 90 days, by manager, reception.")


def test_an_enquiry_that_is_kept_for_too_long_is_a_failure() -> None:
    make_enquiry(status="closed", closed_at=NOW)
    assert state(audit.deletion_on_time) == OK
    make_enquiry(status="closed", closed_at=LONG_AGO)
    assert state(audit.deletion_on_time) == FAILED


def test_a_site_that_works_needs_an_address_for_alarms() -> None:
    assert state(audit.system_status) == FAILED
    health.beat()
    SyntheticCheck.objects.create(passed=True, started_at=timezone.now(), finished_at=timezone.now())
    assert state(audit.system_status) == ATTENTION
    DeskSettings.objects.update_or_create(defaults={"alarm_email": "alarm@example.org"})
    assert state(audit.system_status) == OK


def test_the_last_backup_is_recent(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_MARKER = tmp_path / "done"
    assert state(audit.backup) == ATTENTION
    settings.BACKUP_MARKER.touch()
    assert state(audit.backup) == OK
    for when in (NOW - timedelta(days=3), NOW + timedelta(days=1)):
        os.utime(settings.BACKUP_MARKER, (when.timestamp(), when.timestamp()))
        assert state(audit.backup) == FAILED


def test_unsafe_settings_open_folders_and_a_missing_privacy_contact_are_failures(settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 0
    assert state(audit.secure_settings) == FAILED
    assert "security.W004" in sentence(audit.secure_settings)
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    assert state(audit.encrypted_connections) == FAILED
    settings.EMAIL_USE_TLS = True
    assert state(audit.encrypted_connections) == OK
    settings.STATE_DIR.mkdir(mode=0o700, parents=True)
    assert settings.STATE_DIR.name not in sentence(audit.files_on_the_server)
    settings.STATE_DIR.chmod(0o777)
    assert settings.STATE_DIR.name in sentence(audit.files_on_the_server)
    assert state(audit.files_on_the_server) == state(audit.privacy_contact) == FAILED
    contact = {"privacy_contact_name": "Kim Sample", "privacy_contact_email": "kim@example.org"}
    ClinicDetails.objects.update_or_create(site=Site.objects.get(), defaults=contact)
    assert state(audit.privacy_contact) == OK


def doors(state: audit.State, error: Exception | None = None) -> Check:
    return Mock(__name__="the_doors", return_value=(state, "Old."), side_effect=error)


def test_a_check_that_raises_has_failed_and_failed_checks_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = doors(OK, ValueError("Sam Sample lives here"))
    monkeypatch.setattr(audit, "CHECKS", (doors(OK), broken, doors(ATTENTION)))
    results = audit.run_audit()
    assert [(result.title, result.state) for result in results] == [
        ("The doors", state) for state in (FAILED, ATTENTION, OK)
    ]
    assert "Sam" not in results[0].sentence


def test_every_check_runs_and_names_no_patient() -> None:
    enquiry = make_enquiry(name="Quill", email="quill@example.com", message="My clavicle", legal_hold=True)
    results = audit.run_audit()
    text = " ".join(result.sentence for result in results)
    assert "The check itself failed" not in text
    assert not any(words in text for words in ("Quill", "quill@", "clavicle", enquiry.reference))


def test_the_command_fails_if_a_check_did(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(audit, "CHECKS", (doors(ATTENTION),))
    output = StringIO()
    call_command("audit_safeguards", stdout=output)
    assert output.getvalue() == "attention  The doors: Old.\n"
    call_command("audit_safeguards", "--output", str(tmp_path / "audit.txt"))
    assert (tmp_path / "audit.txt").read_text() == output.getvalue()
    monkeypatch.setattr(audit, "CHECKS", (doors(FAILED),))
    with pytest.raises(SystemExit) as ended:
        call_command("audit_safeguards", stdout=output)
    assert ended.value.code == 1
