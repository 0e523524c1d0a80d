"""What the audit finds about people and how they sign in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from axes.models import AccessFailureLog
from django.contrib.auth.models import Group, User
from django_otp.plugins.otp_totp.models import TOTPDevice

from clinic.sign_in import devices
from contact.privacy.audit import people
from tests import factories
from tests.contact.audit.looking import LONG_AGO, NOW, holds, told

if TYPE_CHECKING:
    from pytest_django import Settings


pytestmark = pytest.mark.django_db


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


def test_everybodys_last_sign_in_is_told_and_accounts_that_nobody_uses_are_named(
    manager: User, receptionist: User, physio: User
) -> None:
    assert holds(people.last_sign_ins)
    User.objects.filter(pk=manager.pk).update(last_login=datetime(2026, 11, 20, 20, 0, tzinfo=UTC))
    assert "managers: last signed in 20 November 2026" in told(people.last_sign_ins), "also who was here lately"
    User.objects.filter(pk=manager.pk).update(last_login=LONG_AGO)
    User.objects.filter(pk=receptionist.pk).update(date_joined=LONG_AGO)
    User.objects.filter(pk=physio.pk).update(last_login=LONG_AGO, is_active=False)
    said = told(people.last_sign_ins)
    assert "reception: last signed in never" in said
    assert "accounts of those who do not: managers, reception." in said
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


def test_groups_of_the_clinic_are_all_there() -> None:
    found = people.roles_and_members(NOW).found
    assert len(found) == Group.objects.count()
