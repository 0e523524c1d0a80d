from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests import factories

DESK, WAGTAIL = "/django-admin/", "/admin/"
CODE, SET_UP, MINE, PEOPLE = "/admin/login/code/", "/admin/login/set-up/", "/admin/login/mine/", "/admin/signing-in/"
WRONG = "wrong words, again"


def give_password(
    client: Client, person: User, wanted: str = "", password: str = factories.PASSWORD, **environ: Any
) -> Any:
    answers = {"username": person.username, "password": password, "next": wanted}
    return client.post("/admin/login/", answers, **environ)


def sign_in(client: Client, person: User, device: TOTPDevice | None = None) -> TOTPDevice:
    """Give the password and the code of the person's app, which is made if there is none."""
    device = device or with_app(person)
    give_password(client, person)
    client.post(CODE, {"code": code_of(device)})
    return device


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
