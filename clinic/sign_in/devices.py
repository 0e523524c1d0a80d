"""Authenticator apps and recovery codes: each change is logged in Wagtail's site history."""

from base64 import b32encode
from textwrap import wrap
from urllib.parse import quote

import segno
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.log_actions import log

from clinic.models import ClinicDetails

# Names of log actions; clinic/wagtail_hooks.py has their labels.
SET_UP, NEW_CODES, CODE_USED, REMOVED = (
    f"clinic.second_step.{name}" for name in ("set_up", "new_codes", "code_used", "removed")
)
RECOVERY_CODES = 10


def has_authenticator(user: User) -> bool:
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).exists()


def unconfirmed_authenticator(user: User) -> TOTPDevice:
    """Return the app that the user is setting up; its secret stays the same when the page is loaded again."""
    with transaction.atomic():
        device = TOTPDevice.objects.devices_for_user(user, confirmed=False).first()
        return device or TOTPDevice.objects.create(user=user, name="Authenticator app", confirmed=False)


def grouped_secret(device: TOTPDevice) -> str:
    """Return the secret for typing: letters and digits in groups of four."""
    return " ".join(wrap(b32encode(device.bin_key).decode().rstrip("="), 4))


def qr_code(device: TOTPDevice) -> str:
    svg: str = segno.make_qr(app_url(device), error="m").svg_inline(border=4, omitsize=True)
    return svg


def app_url(device: TOTPDevice) -> str:
    """Return the `otpauth:` URL; the app shows the clinic's current name above its codes."""
    details = ClinicDetails.objects.only("name").first()
    return f"{device.config_url}&issuer={quote(details.name.replace(':', '') if details else '')}"


def use_code(user: User, typed: str) -> Device | None:
    """Return the user's device that this code belongs to, and use the code up; None if it is wrong."""
    typed = "".join(typed.split()).replace("-", "").lower()
    # Only one kind of device is asked: a wrong code makes each device that is asked refuse codes for a while.
    kind, token = (TOTPDevice, typed) if typed.isdecimal() else (StaticDevice, hashed(typed))
    candidates = kind.objects.devices_for_user(user, confirmed=True)
    device = next((one for one in candidates if verify_token(user, one.persistent_id, token)), None)
    if isinstance(device, StaticDevice):
        log_action(user, CODE_USED)
    return device


def confirm(user: User, typed: str) -> TOTPDevice | None:
    """Replace the user's app by the one that is being set up, if the code is right; else return None."""
    device = unconfirmed_authenticator(user)
    if verify_token(user, device.persistent_id, "".join(typed.split())) is None:
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        device.refresh_from_db()
        device.confirmed = True
        device.save()
    log_action(user, SET_UP)
    return device


def new_recovery_codes(user: User) -> list[str]:
    """Return ten codes that replace earlier ones. Each works once; the database stores only a keyed hash."""
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="Recovery codes")
        device.token_set.bulk_create(StaticToken(device=device, token=hashed(code)) for code in codes)
    log_action(user, NEW_CODES)
    return ["-".join(wrap(code, 4)) for code in codes]


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


def hashed(code: str) -> str:
    return salted_hmac("clinic.recovery-code", code, algorithm="sha256").hexdigest()[:16]


def remove(user: User, by: User) -> None:
    """Remove the second step, for example after a phone was lost. This also ends the sessions that used it."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        log_action(user, REMOVED, by)


def log_action(user: User, action: str, by: User | None = None) -> None:
    # Read again: the log does not accept a request's lazy user.
    users = get_user_model().objects.in_bulk([user.pk, (by or user).pk])
    log(instance=users[user.pk], action=action, user=users[(by or user).pk])
