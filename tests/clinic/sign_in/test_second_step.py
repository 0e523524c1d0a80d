import re
from itertools import product
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, ModelLogEntry

from clinic.models import ClinicDetails
from clinic.sign_in import devices
from tests.clinic.sign_in.signing_in import (
    CODE,
    DESK,
    MINE,
    PEOPLE,
    SET_UP,
    WAGTAIL,
    code_of,
    give_password,
    is_in,
    sign_in,
    with_app,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required_of_everyone(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.mark.parametrize("has_app", [True, False])
def test_a_password_alone_opens_nothing(client: Client, manager: User, has_app: bool) -> None:
    if has_app:
        with_app(manager)
    asked = give_password(client, manager, DESK)
    assert asked["Location"] == f"{CODE}?next=/django-admin/"
    heading = "Enter your code" if has_app else "Set up your second step"
    for address in (DESK, "/django-admin/contact/enquiry/", WAGTAIL, "/admin/pages/", "/landing/", PEOPLE, MINE):
        assert f"<h1>{heading}</h1>" in client.get(address, follow=True).text, address


def test_a_code_works_once_and_begins_a_session_with_a_new_key(client: Client, manager: User) -> None:
    device = with_app(manager)
    code = code_of(device)
    give_password(client, manager)
    before = client.session.session_key
    client.post(CODE, {"code": code})
    assert is_in(client)
    assert client.session.session_key != before
    client.post("/django-admin/logout/")
    give_password(client, manager)
    response = client.post(CODE, {"code": code})
    assert "was already used" in response.text
    assert not is_in(client)


def test_a_malformed_code_or_a_colleagues_is_refused(
    client: Client, manager: User, receptionist: User, settings: Settings
) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    with_app(manager)
    for typed in ("", "12", "abcdef", "١٢٣٤٥٦", "\0", "9" * 40, code_of(with_app(receptionist))):
        AccessAttempt.objects.all().delete()
        give_password(client, manager)
        response = client.post(CODE, {"code": typed})
        assert response.status_code == 200
        assert 'aria-invalid="true"' in response.text
        assert not is_in(client)


def test_the_first_sign_in_sets_up_an_app_and_shows_recovery_codes_once(
    client: Client, manager: User, details: ClinicDetails
) -> None:
    shown = give_password(client, manager, DESK)
    page = client.get(shown["Location"]).text
    device = TOTPDevice.objects.get(user=manager)
    assert not device.confirmed
    assert devices.app_url(device).endswith("&issuer=Fireweed%20Physiotherapy")
    assert "<svg" in page
    assert devices.grouped_secret(device) in page
    assert client.get(SET_UP).text.count(devices.grouped_secret(device)) == 1
    response = client.post(SET_UP, {"code": code_of(device), "next": DESK})
    codes = re.findall(r"<code>(\w{4}-\w{4})</code>", response.text)
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


def test_a_password_alone_replaces_no_app(client: Client, manager: User) -> None:
    device = with_app(manager)
    give_password(client, manager)
    assert client.get(SET_UP)["Location"].startswith(CODE)
    assert client.post(SET_UP, {"code": "123456"})["Location"].startswith(CODE)
    assert list(TOTPDevice.objects.filter(user=manager)) == [device]


def test_whoever_has_an_app_gives_a_code_where_none_is_required(
    client: Client, as_manager: Client, manager: User, receptionist: User, settings: Settings
) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    assert is_in(as_manager)
    device = with_app(manager)
    # Not even a session that is older than the app replaces it.
    for answer in (as_manager.get(SET_UP), as_manager.get(MINE), as_manager.post(MINE)):
        assert answer["Location"].startswith(CODE)
    assert list(TOTPDevice.objects.filter(user=manager)) == [device]
    client.logout()
    assert give_password(client, manager, DESK)["Location"].startswith(CODE)
    assert not is_in(client)
    client.post(CODE, {"code": code_of(device)})
    assert is_in(client)
    client.post("/django-admin/logout/")
    assert give_password(client, receptionist, DESK)["Location"] == DESK
    assert is_in(client)


def test_another_phone_and_new_recovery_codes_replace_the_old_ones(client: Client, manager: User) -> None:
    old = devices.new_recovery_codes(manager)
    sign_in(client, manager)
    assert "10 recovery codes left" in client.get(MINE).text
    assert "Save these codes" in client.post(MINE).text
    assert devices.use_code(manager, old[0]) is None
    assert "Set up another phone" in client.get(SET_UP).text
    new = TOTPDevice.objects.get(user=manager, confirmed=False)
    client.post(SET_UP, {"code": code_of(new)})
    assert list(TOTPDevice.objects.filter(user=manager)) == [new]
    assert is_in(client)


@pytest.mark.parametrize("asked_for", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_the_code_never_leads_to_another_site(client: Client, manager: User, asked_for: str) -> None:
    device = with_app(manager)
    give_password(client, manager, asked_for)
    assert client.post(CODE, {"code": code_of(device), "next": asked_for})["Location"] == WAGTAIL


def test_the_pages_of_the_second_step_need_a_password_first_and_can_be_left(client: Client, manager: User) -> None:
    for ask, address in product((client.get, client.post), (CODE, SET_UP, MINE)):
        assert ask(address)["Location"].startswith("/admin/login/")
    give_password(client, manager)
    response = client.get(SET_UP)
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "<script" not in response.text
    assert client.post(reverse("leave_second_step"))["Location"] == "/admin/login/"
    assert 'name="password"' in client.get("/admin/login/").text


def test_a_private_document_asks_for_both_steps(client: Client, manager: User) -> None:
    root: Any = Collection.get_first_root_node()
    CollectionViewRestriction.objects.create(collection=root, restriction_type=CollectionViewRestriction.LOGIN)
    document = Document.objects.create(title="Rota", file=ContentFile(b"%PDF", "rota.pdf"), collection=root)
    assert client.get(document.url)["Location"].startswith("/admin/login/")
    give_password(client, manager)
    assert client.get(document.url, follow=True).redirect_chain[-1][0].startswith(CODE)
    client.post(SET_UP, {"code": code_of(TOTPDevice.objects.get(user=manager))})
    assert is_in(client, document.url)
