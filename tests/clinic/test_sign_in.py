"""The second step of signing in: nobody gets anywhere before it, and nobody gets around it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, ModelLogEntry

from clinic.sign_in import devices
from clinic.sign_in.records import DAYS_KEPT, forget_old_sign_ins
from tests import factories

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

pytestmark = pytest.mark.django_db

DESK, WAGTAIL = "/django-admin/", "/admin/"
CODE, SET_UP, MINE, PEOPLE = "/admin/login/code/", "/admin/login/set-up/", "/admin/login/mine/", "/admin/signing-in/"


@pytest.fixture
def required(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def give_password(client: Client, person: User, wanted: str = "", password: str = factories.PASSWORD) -> Any:
    return client.post("/admin/login/", {"username": person.username, "password": password, "next": wanted})


def with_app(person: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=person, name="Authenticator app")


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06}"


def wrong_code(device: TOTPDevice) -> str:
    """Return six digits that are not the right ones, now or a step before or after."""
    right = {totp(device.bin_key, drift=drift) for drift in range(-3, 4)}
    return f"{next(number for number in range(10) if number not in right):06}"


def is_in(client: Client, address: str = DESK) -> bool:
    return client.get(address).status_code == 200


@pytest.mark.parametrize("has_app", [True, False])
@pytest.mark.parametrize(
    "address", [DESK, "/django-admin/contact/enquiry/", WAGTAIL, "/admin/pages/", "/landing/", PEOPLE, MINE]
)
@pytest.mark.usefixtures("required")
def test_a_password_alone_opens_nothing(client: Client, manager: User, address: str, has_app: bool) -> None:
    if has_app:
        with_app(manager)
    asked = give_password(client, manager, DESK)
    assert asked["Location"] == f"{CODE}?next=%2Fdjango-admin%2F"
    response = client.get(address, follow=True)
    heading = "Enter your code" if has_app else "Set up your second step"
    assert f"<h1>{heading}</h1>" in response.content.decode()


@pytest.mark.parametrize("role", ["Reception", "Managers", "Physiotherapists", ""])
@pytest.mark.usefixtures("required")
def test_everybody_is_asked_and_lands_where_they_work(client: Client, role: str) -> None:
    person = factories.make_person(role)
    device = with_app(person)
    asked = give_password(client, person)
    response = client.post(CODE, {"code": code_of(device), "next": asked["Location"].partition("next=")[2]})
    work = {"Reception": DESK, "Managers": WAGTAIL, "Physiotherapists": WAGTAIL, "": "/"}[role]
    assert client.get("/landing/")["Location"] == work
    assert response.status_code == 302
    assert is_in(client, work)


@pytest.mark.usefixtures("required")
def test_the_session_has_a_new_key_after_the_code(client: Client, manager: User) -> None:
    device = with_app(manager)
    give_password(client, manager)
    before = client.session.session_key
    client.post(CODE, {"code": code_of(device)})
    assert is_in(client)
    assert client.session.session_key != before


@pytest.mark.usefixtures("required")
def test_a_code_works_once(client: Client, manager: User) -> None:
    device = with_app(manager)
    code = code_of(device)
    give_password(client, manager)
    client.post(CODE, {"code": code})
    client.post("/django-admin/logout/")
    give_password(client, manager)
    response = client.post(CODE, {"code": code})
    assert "was used already" in response.content.decode()
    assert not is_in(client)


@pytest.mark.usefixtures("required")
def test_a_colleagues_code_lets_nobody_else_in(client: Client, manager: User, receptionist: User) -> None:
    with_app(manager)
    other = with_app(receptionist)
    give_password(client, manager)
    client.post(CODE, {"code": code_of(other)})
    assert not is_in(client)


@pytest.mark.parametrize("typed", ["", "12", "abcdef", "١٢٣٤٥٦", "\0", "9" * 40])
@pytest.mark.usefixtures("required")
def test_nonsense_is_told_so_and_lets_nobody_in(client: Client, manager: User, typed: str) -> None:
    with_app(manager)
    give_password(client, manager)
    response = client.post(CODE, {"code": typed})
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert not is_in(client)


@pytest.mark.usefixtures("required")
def test_the_first_sign_in_sets_up_an_app_and_shows_recovery_codes_once(client: Client, manager: User) -> None:
    shown = give_password(client, manager, DESK)
    page = client.get(shown["Location"]).content.decode()
    device = TOTPDevice.objects.get(user=manager)
    assert not device.confirmed
    assert "<svg" in page
    assert devices.secret_in_words(device) in page
    assert client.get(SET_UP).content.decode().count(devices.secret_in_words(device)) == 1
    response = client.post(SET_UP, {"code": code_of(device), "next": DESK})
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", response.content.decode())
    assert len(set(codes)) == 10
    assert is_in(client)
    assert not StaticToken.objects.filter(token__in=[*codes, *(code.replace("-", "") for code in codes)]).exists()
    client.post("/django-admin/logout/")
    for _ in range(2):
        give_password(client, manager, DESK)
        client.post(CODE, {"code": codes[0].upper(), "next": DESK})
        assert is_in(client) is (_ == 0)
        client.post("/django-admin/logout/")
    assert devices.recovery_codes_left(manager) == 9
    assert ModelLogEntry.objects.filter(action=devices.CODE_USED, user=manager).count() == 1


@pytest.mark.usefixtures("required")
def test_a_password_alone_replaces_no_app(client: Client, manager: User) -> None:
    device = with_app(manager)
    give_password(client, manager)
    assert client.get(SET_UP)["Location"].startswith(CODE)
    assert client.post(SET_UP, {"code": "123456"})["Location"].startswith(CODE)
    assert list(TOTPDevice.objects.filter(user=manager)) == [device]


def test_where_it_is_not_required_a_password_alone_replaces_no_app_either(client: Client, manager: User) -> None:
    """Not even in a session that is older than the app."""
    client.force_login(manager)
    assert is_in(client)
    device = with_app(manager)
    for address in (SET_UP, MINE):
        assert client.get(address)["Location"].startswith(CODE), address
    assert client.post(MINE)["Location"].startswith(CODE)
    assert list(TOTPDevice.objects.filter(user=manager)) == [device]


def test_where_it_is_not_required_who_has_an_app_is_asked_all_the_same(
    client: Client, manager: User, receptionist: User
) -> None:
    device = with_app(manager)
    assert give_password(client, manager, DESK)["Location"].startswith(CODE)
    assert not is_in(client)
    client.post(CODE, {"code": code_of(device)})
    assert is_in(client)
    client.post("/django-admin/logout/")
    assert give_password(client, receptionist, DESK)["Location"] == DESK
    assert is_in(client)


@pytest.mark.usefixtures("required")
def test_another_phone_takes_the_place_of_the_old_one(client: Client, manager: User) -> None:
    old = with_app(manager)
    give_password(client, manager)
    client.post(CODE, {"code": code_of(old)})
    assert "Set up another phone" in client.get(SET_UP).content.decode()
    new = TOTPDevice.objects.get(user=manager, confirmed=False)
    client.post(SET_UP, {"code": code_of(new)})
    assert list(TOTPDevice.objects.filter(user=manager)) == [new]
    assert is_in(client)


@pytest.mark.usefixtures("required")
def test_new_recovery_codes_end_the_old_ones(client: Client, manager: User) -> None:
    device = with_app(manager)
    old = devices.new_recovery_codes(manager)
    give_password(client, manager)
    client.post(CODE, {"code": code_of(device)})
    assert "10 recovery codes left" in client.get(MINE).content.decode()
    assert "Keep these codes" in client.post(MINE).content.decode()
    assert devices.prove(manager, old[0]) is None


@pytest.mark.parametrize("asked_for", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
@pytest.mark.usefixtures("required")
def test_the_code_never_leads_to_another_site(client: Client, manager: User, asked_for: str) -> None:
    device = with_app(manager)
    give_password(client, manager, asked_for)
    assert client.post(CODE, {"code": code_of(device), "next": asked_for})["Location"] == WAGTAIL


@pytest.mark.usefixtures("required")
def test_the_code_page_is_for_those_who_gave_a_password(client: Client) -> None:
    for address in (CODE, SET_UP, MINE):
        assert client.get(address)["Location"].startswith("/admin/login/")
        assert client.post(address)["Location"].startswith("/admin/login/")


@pytest.mark.usefixtures("required")
def test_one_can_begin_again_as_somebody_else(client: Client, manager: User) -> None:
    give_password(client, manager)
    assert client.post("/admin/login/leave/")["Location"] == "/admin/login/"
    assert 'name="password"' in client.get("/admin/login/").content.decode()


@pytest.mark.usefixtures("required")
def test_no_cache_keeps_a_secret_and_the_policy_is_wagtails(client: Client, manager: User) -> None:
    give_password(client, manager)
    response = client.get(SET_UP)
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "<script" not in response.content.decode()


@pytest.mark.usefixtures("required")
def test_a_private_document_asks_at_the_same_door(client: Client, manager: User) -> None:
    root: Any = Collection.get_first_root_node()
    CollectionViewRestriction.objects.create(collection=root, restriction_type=CollectionViewRestriction.LOGIN)
    document = Document.objects.create(title="Rota", file=ContentFile(b"%PDF", "rota.pdf"), collection=root)
    assert client.get(document.url)["Location"].startswith("/admin/login/")
    give_password(client, manager)
    assert client.get(document.url, follow=True).redirect_chain[-1][0].startswith(CODE)
    device = TOTPDevice.objects.get(user=manager)
    client.post(SET_UP, {"code": code_of(device)})
    assert is_in(client, document.url)


def test_after_six_wrong_passwords_the_right_one_waits_too(client: Client, manager: User, receptionist: User) -> None:
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


def test_failed_sign_ins_are_on_record_without_what_was_typed(client: Client, manager: User) -> None:
    give_password(client, manager, password="a secret that was nearly right")
    client.post("/admin/login/", {"username": "my-password-by-mistake", "password": "x"})
    stored = str([*AccessAttempt.objects.values(), *AccessFailureLog.objects.values()])
    assert "nearly right" not in stored
    assert "my-password" not in stored
    assert set(AccessFailureLog.objects.values_list("ip_address", flat=True)) == {"127.0.0.1"}
    assert AccessFailureLog.objects.filter(username=manager.username).count() == 1
    assert AccessFailureLog.objects.filter(username__startswith="unknown-").count() == 1


@pytest.mark.usefixtures("required")
def test_no_code_is_on_record(client: Client, manager: User) -> None:
    give_password(client, manager)
    with_app(manager)
    client.post(CODE, {"code": "zzzzz-yyyyy"})
    assert AccessAttempt.objects.count() == 1
    assert "zzzzz" not in str(list(AccessAttempt.objects.values()))


def test_records_of_signing_in_end_after_the_next_audit(client: Client, manager: User) -> None:
    give_password(client, manager)
    give_password(client, manager, password="wrong words, again")
    long_ago = timezone.now() - timedelta(days=DAYS_KEPT + 1)
    assert forget_old_sign_ins() == 0
    for model in (AccessLog, AccessFailureLog):
        assert model.objects.update(attempt_time=long_ago) == 1
    assert forget_old_sign_ins() == 2


@pytest.mark.parametrize(
    ("role", "opens"), [("Managers", True), ("Physiotherapists", False), ("Reception", False), ("", False)]
)
def test_managers_alone_see_how_colleagues_sign_in(client: Client, role: str, opens: bool) -> None:
    other = factories.make_person(username="other")
    with_app(other)
    assert client.get(PEOPLE).status_code == 302
    client.force_login(factories.make_person(role))
    assert (client.get(PEOPLE).status_code == 200) is opens
    client.post(PEOPLE, {"person": other.pk, "take_away": ""})
    assert TOTPDevice.objects.filter(user=other).exists() is not opens
    assert (PEOPLE in client.get(WAGTAIL, follow=True).content.decode()) is opens


@pytest.mark.usefixtures("required")
def test_a_manager_takes_away_a_lost_second_step_and_it_is_on_record(
    client: Client, manager: User, receptionist: User
) -> None:
    device = with_app(receptionist)
    devices.new_recovery_codes(receptionist)
    give_password(client, receptionist)
    client.post(CODE, {"code": code_of(device)})
    assert is_in(client)
    devices.take_away(receptionist, by=manager)
    # What was opened with the lost phone is closed.
    assert not is_in(client)
    assert devices.recovery_codes_left(receptionist) == 0
    entry = ModelLogEntry.objects.get(action=devices.TAKEN_AWAY)
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
    assert client.post(PEOPLE, {"person": administrator.pk, "take_away": ""}).status_code in {302, 403}
    assert TOTPDevice.objects.filter(user=administrator).exists()


def test_nobody_reads_secrets_in_an_admin(admin_client: Client) -> None:
    for model in ("otp_totp/totpdevice", "otp_static/staticdevice", "axes/accessattempt"):
        assert admin_client.get(f"{DESK}{model}/").status_code == 404


def test_the_app_is_told_the_clinics_name(manager: User) -> None:
    factories.make_clinic()
    address = devices.app_address(with_app(manager))
    assert address.startswith("otpauth://totp/Fireweed%20Physiotherapy%3Amanagers?secret=")
    assert address.endswith("&issuer=Fireweed%20Physiotherapy")


def test_visitors_pages_are_the_same_for_all(client: Client) -> None:
    response = client.get("/")
    assert "Cookie" not in response.get("Vary", "")
    assert reverse("second_step") not in response.content.decode()
