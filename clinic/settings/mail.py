"""What a deployment tells the site about its mail."""

from email.utils import getaddresses
from typing import Any

import dj_email_url
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from clinic.settings import environment


def read_mail(name: str) -> dict[str, Any]:
    """Return the `EMAIL_…` settings of an address like `submission://user:password@host:587`.

    No message quotes the value, nor Python's own words about it, which do: a password stands in it.
    """
    example = "submission://user:password@mail.clinic.example:587"
    wrong = f"{name} is not an address like {example} (in user and password @ is %40, : is %3A, / is %2F)."
    try:
        mail: dict[str, Any] = dj_email_url.parse(environment.required(name, example))
    except ValueError:
        raise ImproperlyConfigured(wrong) from None
    if "EMAIL_BACKEND" not in mail:
        known = ", ".join(sorted(dj_email_url.SCHEMES))
        raise ImproperlyConfigured(f"{name} begins with none of {known}.")
    if "smtp" in mail["EMAIL_BACKEND"] and not mail["EMAIL_HOST"]:
        raise ImproperlyConfigured(f"{name} names no mail server.")
    if "smtp" in mail["EMAIL_BACKEND"] and mail["EMAIL_FILE_PATH"]:
        raise ImproperlyConfigured(wrong)  # a / in the password has cut the server's name off
    return mail | {"EMAIL_FILE_PATH": environment.data_dir() / (mail["EMAIL_FILE_PATH"] or "mail")}


def read_alarm_mail(name: str, otherwise: str) -> dict[str, Any]:
    """Return what `django.core.mail.get_connection` needs for alarms: a mail server of their own, if one is named."""
    mail = read_mail(name if environment.optional(name) else otherwise)
    return {
        "backend": mail["EMAIL_BACKEND"],
        "host": mail["EMAIL_HOST"],
        "port": mail["EMAIL_PORT"],
        "username": mail["EMAIL_HOST_USER"],
        "password": mail["EMAIL_HOST_PASSWORD"],
        "use_tls": mail["EMAIL_USE_TLS"],
        "use_ssl": mail["EMAIL_USE_SSL"],
    }


def read_sender(name: str) -> str:
    value = environment.required(name, "Clinic <hello@clinic.example>")
    try:
        ((_display, address),) = getaddresses([value])
        validate_email(address)
    except (ValueError, ValidationError) as error:  # several addresses, or one that is none
        raise ImproperlyConfigured(
            f"{name}: “{value}” is not one sender like Clinic <hello@clinic.example>."
        ) from error
    return value
