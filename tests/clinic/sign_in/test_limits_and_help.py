import itertools
from collections.abc import Iterator
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from wagtail.models import ModelLogEntry

from clinic.sign_in import devices, limits
from clinic.sign_in.limits import DAYS_KEPT, delete_old_records
from tests import factories
from tests.clinic.sign_in.signing_in import (
    CODE,
    DESK,
    PEOPLE,
    WAGTAIL,
    WRONG,
    code_of,
    give_password,
    is_in,
    sign_in,
    with_app,
    wrong_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked_out(client: Client, manager: User) -> Any:
    """The manager has typed six wrong passwords; the answer to the last."""
    return [give_password(client, manager, password=WRONG) for _ in range(6)][-1]


def test_after_six_wrong_passwords_the_right_one_is_refused_until_the_wait_ends(
    client: Client, manager: User, receptionist: User, settings: Settings, locked_out: Any
) -> None:
    assert locked_out.status_code == 429
    assert "Wait 1 minute and" in locked_out.text
    assert give_password(client, manager).status_code == 429
    assert not is_in(client)
    # No one else has to wait, nor does the same person somewhere else.
    assert give_password(client, receptionist).status_code == 302
    assert give_password(client, manager, REMOTE_ADDR="192.0.2.9").status_code == 302
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME)
    assert give_password(client, manager).status_code == 302


def guess(client: Client, name: str, place: int | str) -> Any:
    """Try a wrong password from this network; a number stands for one of many."""
    address = place if isinstance(place, str) else f"100.64.{place}.1"
    return client.post("/admin/login/", {"username": name, "password": WRONG}, HTTP_X_FORWARDED_FOR=address)


def test_attempts_from_one_network_count_together(client: Client, manager: User) -> None:
    for address, same_network, elsewhere in (
        ("2001:db8:1:2::5", "2001:db8:1:2:ffff::1", "2001:db8:1:3::5"),
        ("203.0.113.5", "::ffff:203.0.113.9", "::ffff:203.0.112.9"),
    ):
        for _ in range(6):
            guess(client, manager.username, address)
        assert guess(client, manager.username, same_network).status_code == 429
        assert guess(client, manager.username, elsewhere).status_code == 200


@pytest.mark.parametrize(
    ("names", "places", "limit"),
    [
        (itertools.repeat("managers"), itertools.count(), "NAME"),
        ((f"name{n}" for n in itertools.count()), itertools.repeat("203.0.113.5"), "NETWORK"),
        ((f"name{n}" for n in itertools.count()), itertools.count(), "IN_ALL"),
    ],
    ids=["one name", "one network", "in all"],
)
def test_guesses_are_slowed_down_by_name_by_network_and_in_all_but_not_for_colleagues(
    manager: User, monkeypatch: pytest.MonkeyPatch, names: Iterator[str], places: Iterator[int | str], limit: str
) -> None:
    monkeypatch.setattr(limits, limit, getattr(limits, limit)._replace(without_wait=8))
    browser = Client()
    give_password(browser, manager)
    assert [guess(Client(), next(names), next(places)).status_code for _ in range(8)] == [200] * 7 + [429]
    with patch.object(User, "check_password") as check:
        assert guess(Client(), manager.username, next(places)).status_code == 429
    check.assert_not_called()
    # She signs in with her browser, even from the network of the guesses, and with another one from her own network.
    browser.post("/admin/logout/")
    assert give_password(browser, manager, HTTP_X_FORWARDED_FOR="203.0.113.5").status_code == 302
    assert give_password(Client(), manager).status_code == 302


def test_each_further_failure_doubles_the_wait() -> None:
    now = timezone.now()
    waits = [limits.HERE.ends(failures, now) for failures in (5, 6, 7, 9, 12, 10_000)]
    assert [wait and (wait - now) // timedelta(minutes=1) for wait in waits] == [None, 1, 2, 8, 60, 60]


def test_a_password_is_not_checked_while_two_others_are(client: Client, manager: User) -> None:
    with patch.object(limits, "_places", BoundedSemaphore(1)) as places, places:
        response = guess(client, manager.username, 1)
        assert (response.status_code, response["Retry-After"]) == (429, "3")
    assert guess(client, manager.username, 1).status_code == 200


def test_someone_who_chose_a_new_password_by_mail_signs_in_during_an_attack(
    client: Client, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NAME", limits.NAME._replace(without_wait=8))
    for place in range(8):
        guess(Client(), manager.username, place)
    user_id, token = urlsafe_base64_encode(force_bytes(manager.pk)), default_token_generator.make_token(manager)
    link = reverse("wagtailadmin_password_reset_confirm", args=(user_id, token))
    form = client.get(link, follow=True).wsgi_request.path
    new = "another heron, flying"
    client.post(form, {"new_password1": new, "new_password2": new})
    assert give_password(client, manager, password=new, HTTP_X_FORWARDED_FOR="100.64.1.1").status_code == 302


def test_a_browser_is_known_only_after_the_second_step(client: Client, manager: User) -> None:
    device = with_app(manager)
    give_password(client, manager)
    assert limits.COOKIE not in client.cookies
    client.post(CODE, {"code": code_of(device)})
    assert client.cookies[limits.COOKIE]["path"] == "/admin/login/"
    assert client.cookies[limits.COOKIE]["httponly"]


@pytest.mark.usefixtures("locked_out")
def test_wrong_passwords_of_a_clock_that_was_ahead_do_not_count(client: Client, manager: User) -> None:
    AccessAttempt.objects.update(attempt_time=timezone.now() + timedelta(days=2))
    assert limits.locked_names() == set()
    assert give_password(client, manager).status_code == 302


def test_wrong_codes_are_slowed_down_and_counted(client: Client, manager: User, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    settings.OTP_TOTP_THROTTLE_FACTOR = 60  # seconds, which no busy machine takes
    device = with_app(manager)
    give_password(client, manager)
    client.post(CODE, {"code": wrong_code(device)})
    response = client.post(CODE, {"code": code_of(device)})
    assert "Wait half a minute, then try again." in response.text
    assert not is_in(client)
    AccessAttempt.objects.all().delete()
    AccessFailureLog.objects.all().delete()
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    for typed in ("zzzzz-yyyyy", *[wrong_code(device)] * 5):
        response = client.post(CODE, {"code": typed})
    assert response.status_code == 429
    assert client.post(CODE, {"code": code_of(device)}).status_code == 429
    assert client.get(CODE).status_code == 429
    assert not is_in(client)
    assert AccessFailureLog.objects.filter(username=manager.username, path_info=CODE).count() == 6
    assert "zzzzz" not in str([*AccessAttempt.objects.values(), *AccessFailureLog.objects.values()])


def test_failed_sign_ins_are_recorded_without_what_was_typed_until_they_are_old(client: Client, manager: User) -> None:
    give_password(client, manager, password="a secret that was nearly right")
    client.post("/admin/login/", {"username": "my-password-by-mistake", "password": "x"})
    stored = str([*AccessAttempt.objects.values(), *AccessFailureLog.objects.values()])
    assert "nearly right" not in stored
    assert "my-password" not in stored
    assert set(AccessFailureLog.objects.values_list("ip_address", flat=True)) == {"127.0.0.0"}
    assert AccessFailureLog.objects.filter(username=manager.username).count() == 1
    assert AccessFailureLog.objects.filter(username__startswith="unknown-").count() == 1
    give_password(client, manager)
    assert delete_old_records() == 0
    long_ago = timezone.now() - timedelta(days=DAYS_KEPT + 1)
    updated = [model.objects.update(attempt_time=long_ago) for model in (AccessLog, AccessFailureLog, AccessAttempt)]
    assert all(updated)
    assert delete_old_records() == sum(updated)


def test_only_managers_change_how_colleagues_sign_in_and_no_one_sees_secrets(client: Client, admin_user: User) -> None:
    other = factories.make_person(username="other")
    for person in (other, admin_user):
        with_app(person)
    assert client.get(PEOPLE).status_code == 302
    for role, opens in (("Physiotherapists", False), ("Reception", False), ("", False), ("Managers", True)):
        client.force_login(factories.make_person(role))
        assert (client.get(PEOPLE).status_code == 200) is opens
        assert (PEOPLE in client.get(WAGTAIL, follow=True).text) is opens
        for person in (other, admin_user):
            client.post(PEOPLE, {"person": person.pk, "remove": ""})
        assert TOTPDevice.objects.filter(user=other).exists() is not opens
    assert TOTPDevice.objects.filter(user=admin_user).exists(), "not an administrator's"
    client.force_login(admin_user)
    for model in ("otp_totp/totpdevice", "otp_static/staticdevice", "axes/accessattempt"):
        assert client.get(f"{DESK}{model}/").status_code == 404


def test_a_manager_removes_a_lost_second_step_on_record(client: Client, manager: User, receptionist: User) -> None:
    devices.new_recovery_codes(receptionist)
    sign_in(client, receptionist)
    assert is_in(client)
    devices.remove(receptionist, by=manager)
    # What was opened with the lost phone is closed.
    assert not is_in(client)
    assert devices.recovery_codes_left(receptionist) == 0
    entry = ModelLogEntry.objects.get(action=devices.REMOVED)
    assert (entry.user, entry.object_id) == (manager, str(receptionist.pk))


@pytest.mark.usefixtures("locked_out")
def test_a_manager_unlocks_a_colleague(client: Client, manager: User) -> None:
    helper = Client()
    helper.force_login(factories.make_person("Managers", "colleague"))
    assert "Unlock managers" in helper.get(PEOPLE).text
    helper.post(PEOPLE, {"person": manager.pk, "unlock": ""})
    assert "Unlock managers" not in helper.get(PEOPLE).text
    assert give_password(client, manager).status_code == 302
