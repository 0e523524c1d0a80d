"""Authenticator apps and recovery codes: made, proven, replaced and taken away, each of it on record."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import segno
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.log_actions import log

from clinic.models import ClinicDetails

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User
    from django_otp.models import Device

# Names of what Wagtail's log keeps about a person (clinic/wagtail_hooks.py gives the words).
SET_UP, NEW_CODES, CODE_USED, REMOVED = (
    f"clinic.second_step.{name}" for name in ("set_up", "new_codes", "code_used", "removed")
)
RECOVERY_CODES = 10
# No letters and digits that are taken for one another: 31 signs, ten of them are 49 bits.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 10
LONGEST_STORED = 16


def has_authenticator(person: User) -> bool:
    return TOTPDevice.objects.devices_for_user(person, confirmed=True).exists()


def authenticator_in_the_making(person: User) -> TOTPDevice:
    """Return the app that this person is setting up, with one secret however often the page is loaded."""
    with transaction.atomic():
        device = TOTPDevice.objects.devices_for_user(person, confirmed=False).first()
        return device or TOTPDevice.objects.create(user=person, name="Authenticator app", confirmed=False)


def secret_in_words(device: TOTPDevice) -> str:
    """Return the secret as people type it into an app: letters and digits in groups of four."""
    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def qr_code(device: TOTPDevice) -> str:
    """Return the drawing, as SVG, that an app's camera reads."""
    drawn: str = segno.make_qr(app_address(device), error="m").svg_inline(border=4, omitsize=True)
    return drawn


def app_address(device: TOTPDevice) -> str:
    """Return the `otpauth:` address; over the codes in the app stands the clinic's name as it is now."""
    details = ClinicDetails.objects.only("name").first()
    clinic = details.name.replace(":", "") if details else ""
    label = quote(f"{clinic}:{device.user.get_username()}")
    secret = b32encode(device.bin_key).decode().rstrip("=")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(clinic)}"


def prove(person: User, typed: str) -> Device | None:
    """Return the app or the recovery codes that this code belongs to, and use it up; `None` when it is wrong."""
    typed = "".join(typed.split()).replace("-", "").lower()
    if typed.isdecimal():
        devices: list[Device] = list(TOTPDevice.objects.devices_for_user(person, confirmed=True))
        told = typed
    else:
        devices = list(StaticDevice.objects.devices_for_user(person, confirmed=True))
        told = as_stored(typed)
    proven = next((device for device in devices if verify_token(person, device.persistent_id, told)), None)
    if isinstance(proven, StaticDevice):
        on_record(person, CODE_USED)
    return proven


def wait_until(person: User) -> datetime | None:
    """Return when the next code is looked at, after wrong ones: each doubles the wait."""
    refused = [
        refusal["locked_until"]
        for model in (TOTPDevice, StaticDevice)
        for device in model.objects.devices_for_user(person)
        for is_allowed, refusal in [device.verify_is_allowed()]
        if not is_allowed
    ]
    return max(refused, default=None)


def seconds_to_wait(person: User) -> int:
    until = wait_until(person)
    return -((timezone.now() - until) // timedelta(seconds=1)) if until else 0


def confirm(person: User, typed: str) -> TOTPDevice | None:
    """Take the app that is being set up into use if it gives the right code; one that was there before goes."""
    device = authenticator_in_the_making(person)
    if verify_token(person, device.persistent_id, "".join(typed.split())) is None:
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=person).exclude(pk=device.pk).delete()
        device.refresh_from_db()
        device.confirmed = True
        device.save()
    on_record(person, SET_UP)
    return device


def new_recovery_codes(person: User) -> list[str]:
    """Return ten codes that each let this person in once; those of before no longer do.

    They are shown now and never again: the database has a keyed hash of each.
    """
    codes = ["".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=person).delete()
        device = StaticDevice.objects.create(user=person, name="Recovery codes")
        device.token_set.bulk_create(device.token_set.model(device=device, token=as_stored(code)) for code in codes)
    on_record(person, NEW_CODES)
    return [f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}" for code in codes]


def recovery_codes_left(person: User) -> int:
    return sum(device.token_set.count() for device in StaticDevice.objects.devices_for_user(person))


def as_stored(code: str) -> str:
    return salted_hmac("clinic.recovery-code", code, algorithm="sha256").hexdigest()[:LONGEST_STORED]


def take_away(person: User, by: User) -> None:
    """Remove the second step, as when a phone is lost: what was signed in by it is signed in no longer."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=person).delete()
        StaticDevice.objects.filter(user=person).delete()
        on_record(person, REMOVED, by)


def on_record(person: User, action: str, by: User | None = None) -> None:
    """Write down who did it; in Wagtail's site history. A request's own user is a stand-in, which no log takes."""
    known = get_user_model().objects.in_bulk([person.pk, (by or person).pk])
    log(instance=known[person.pk], action=action, user=known[(by or person).pk])
