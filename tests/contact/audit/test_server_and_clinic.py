"""What the audit finds about the settings, and about what managers keep up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from clinic.models import ClinicDetails
from contact.models import DeskSettings, Enquiry, RedFlag
from contact.privacy.audit import clinic, server
from contact.privacy_notice import versions
from contact.screening import review
from tests import factories
from tests.contact.audit.looking import NOW, holds, told
from tests.contact.factories import make_enquiry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.contrib.auth.models import User
    from pytest_django import Settings

    from contact.privacy.audit.finding import Finding

pytestmark = pytest.mark.django_db


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


def test_a_list_of_warning_signs_that_was_changed_is_to_be_reviewed_again(physio: User) -> None:
    desk = DeskSettings.load()
    desk.red_flags_owner = factories.make_practitioner()
    desk.save()
    assert review.review(physio, review.fingerprint())
    assert holds(clinic.warning_signs)
    RedFlag.objects.create(name="Something new", words="a new word")
    assert not holds(clinic.warning_signs)
    assert "changed since" in told(clinic.warning_signs)


def test_licences_that_end_are_named() -> None:
    person = factories.make_practitioner(licence_valid_until=timezone.localdate() + timedelta(days=60))
    assert holds(clinic.licences)
    person.licence_valid_until = timezone.localdate() - timedelta(days=1)
    person.save()
    assert person.title in clinic.licences(NOW).to_do
