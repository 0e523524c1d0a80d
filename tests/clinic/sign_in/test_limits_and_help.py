"""Wrong passwords and codes are counted, refused for a while and recorded; a manager can help."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.models import ModelLogEntry

from clinic.sign_in import devices
from clinic.sign_in.limits import DAYS_KEPT, delete_old_records
from tests import factories
from tests.clinic.sign_in.signing_in import (
    CODE,
    DESK,
    PEOPLE,
    WAGTAIL,
    code_of,
    give_password,
    is_in,
    with_app,
    wrong_code,
)

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


def test_after_six_wrong_passwords_the_right_one_is_refused(client: Client, manager: User, receptionist: User) -> None:
    for _ in range(6):
        response = give_password(client, manager, password="wrong words, again")
    assert response.status_code == 429
    assert "Wait 15 minutes" in response.content.decode()
    assert give_password(client, manager).status_code == 429
    assert not is_in(client)
    # Nobody else has to wait, and nor has the same person somewhere else.
    assert give_password(client, receptionist).status_code == 302
    elsewhere = {"username": manager.username, "password": factories.PASSWORD}
    assert client.post("/admin/login/", elsewhere, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_the_wait_ends_by_itself(client: Client, manager: User, settings: Settings) -> None:
    for _ in range(6):
        give_password(client, manager, password="wrong words, again")
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME)
    assert give_password(client, manager).status_code == 302


@pytest.mark.usefixtures("required")
def test_wrong_codes_count_like_wrong_passwords(client: Client, manager: User, settings: Settings) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    device = with_app(manager)
    give_password(client, manager)
    for _ in range(6):
        response = client.post(CODE, {"code": wrong_code(device)})
    assert response.status_code == 429
    assert client.post(CODE, {"code": code_of(device)}).status_code == 429
    assert client.get(CODE).status_code == 429
    assert not is_in(client)
    assert AccessFailureLog.objects.filter(username=manager.username, path_info=CODE).count() == 6


@pytest.mark.usefixtures("required")
def test_wrong_codes_are_slowed_down(client: Client, manager: User) -> None:
    device = with_app(manager)
    give_password(client, manager)
    response = client.post(CODE, {"code": wrong_code(device)})
    assert "Wait 1 second, then try again." in response.content.decode()
    client.post(CODE, {"code": code_of(device)})
    assert not is_in(client)


def test_failed_sign_ins_are_recorded_without_what_was_typed(client: Client, manager: User) -> None:
    give_password(client, manager, password="a secret that was nearly right")
    client.post("/admin/login/", {"username": "my-password-by-mistake", "password": "x"})
    stored = str([*AccessAttempt.objects.values(), *AccessFailureLog.objects.values()])
    assert "nearly right" not in stored
    assert "my-password" not in stored
    assert set(AccessFailureLog.objects.values_list("ip_address", flat=True)) == {"127.0.0.1"}
    assert AccessFailureLog.objects.filter(username=manager.username).count() == 1
    assert AccessFailureLog.objects.filter(username__startswith="unknown-").count() == 1


@pytest.mark.usefixtures("required")
def test_no_code_is_recorded(client: Client, manager: User) -> None:
    give_password(client, manager)
    with_app(manager)
    client.post(CODE, {"code": "zzzzz-yyyyy"})
    assert AccessAttempt.objects.count() == 1
    assert "zzzzz" not in str(list(AccessAttempt.objects.values()))


def test_old_records_of_sign_ins_are_deleted(client: Client, manager: User) -> None:
    give_password(client, manager)
    give_password(client, manager, password="wrong words, again")
    long_ago = timezone.now() - timedelta(days=DAYS_KEPT + 1)
    assert delete_old_records() == 0
    for model in (AccessLog, AccessFailureLog):
        assert model.objects.update(attempt_time=long_ago) == 1
    assert delete_old_records() == 2


@pytest.mark.parametrize(
    ("role", "opens"), [("Managers", True), ("Physiotherapists", False), ("Reception", False), ("", False)]
)
def test_only_managers_see_how_colleagues_sign_in(client: Client, role: str, opens: bool) -> None:
    other = factories.make_person(username="other")
    with_app(other)
    assert client.get(PEOPLE).status_code == 302
    client.force_login(factories.make_person(role))
    assert (client.get(PEOPLE).status_code == 200) is opens
    client.post(PEOPLE, {"person": other.pk, "remove": ""})
    assert TOTPDevice.objects.filter(user=other).exists() is not opens
    assert (PEOPLE in client.get(WAGTAIL, follow=True).content.decode()) is opens


@pytest.mark.usefixtures("required")
def test_a_manager_removes_a_lost_second_step_and_it_is_recorded(
    client: Client, manager: User, receptionist: User
) -> None:
    device = with_app(receptionist)
    devices.new_recovery_codes(receptionist)
    give_password(client, receptionist)
    client.post(CODE, {"code": code_of(device)})
    assert is_in(client)
    devices.remove(receptionist, by=manager)
    # What was opened with the lost phone is closed.
    assert not is_in(client)
    assert devices.recovery_codes_left(receptionist) == 0
    entry = ModelLogEntry.objects.get(action=devices.REMOVED)
    assert (entry.user, entry.object_id) == (manager, str(receptionist.pk))


def test_a_manager_unlocks_a_colleague(client: Client, manager: User, receptionist: User) -> None:
    for _ in range(6):
        give_password(client, receptionist, password="wrong words, again")
    client.force_login(manager)
    assert "Unlock reception" in client.get(PEOPLE).content.decode()
    client.post(PEOPLE, {"person": receptionist.pk, "unlock": ""})
    assert "Unlock reception" not in client.get(PEOPLE).content.decode()
    client.logout()
    assert give_password(client, receptionist).status_code == 302


def test_a_manager_cannot_touch_an_administrators_second_step(client: Client, manager: User) -> None:
    administrator = User.objects.create_superuser("administrator", "", factories.PASSWORD)
    with_app(administrator)
    client.force_login(manager)
    assert client.post(PEOPLE, {"person": administrator.pk, "remove": ""}).status_code in {302, 403}
    assert TOTPDevice.objects.filter(user=administrator).exists()


def test_no_admin_shows_secrets(admin_client: Client) -> None:
    for model in ("otp_totp/totpdevice", "otp_static/staticdevice", "axes/accessattempt"):
        assert admin_client.get(f"{DESK}{model}/").status_code == 404


def test_the_authenticator_app_shows_the_clinics_name(manager: User) -> None:
    factories.make_clinic()
    address = devices.app_url(with_app(manager))
    assert address.startswith("otpauth://totp/managers?secret=")
    assert address.endswith("&issuer=Fireweed%20Physiotherapy")


def test_public_pages_do_not_vary_by_cookie(client: Client) -> None:
    response = client.get("/")
    assert "Cookie" not in response.get("Vary", "")
    assert reverse("second_step") not in response.content.decode()
