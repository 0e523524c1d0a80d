"""Where the site's own messages go."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models.signals import post_save

from clinic.lib.logs import log_failure
from clinic.models import ClinicDetails
from contact.models import DeskSettings

if TYPE_CHECKING:
    from typing import Any


def staff_address() -> str:
    """Return where notices to staff go: the clinic's setting, or else its sender's own address.

    Where the setting is lost, as it is with its site, they go on to where it last said.
    """
    details = ClinicDetails.objects.only("notify_email").first()
    chosen = details.notify_email if details else ""
    return chosen or _last_chosen() or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _last_chosen() -> str:
    """Return the address that the clinic's details last named. No enquiry that is being stored is lost over it."""
    try:
        with transaction.atomic():
            return DeskSettings.load().last_notify_email
    except DatabaseError as error:
        log_failure("The last address for notices could not be read", error)
        return ""


def proof_address() -> str:
    """Return where the message goes that proves each day that the form works."""
    return DeskSettings.load().proof_email or staff_address()


def connect() -> None:
    """See to it that the address outlives the clinic's details."""
    post_save.connect(_remember, sender=ClinicDetails, dispatch_uid="staff-address")


def _remember(instance: ClinicDetails, *, created: bool, raw: bool, **_kwargs: Any) -> None:
    # Wagtail makes the details of a new site by itself, without an address: nobody has chosen that.
    if raw or (created and not instance.notify_email):
        return
    desk = DeskSettings.load()
    if desk.last_notify_email != instance.notify_email:
        desk.last_notify_email = instance.notify_email
        desk.save(update_fields=["last_notify_email"])
