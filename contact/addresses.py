"""Where the site's own messages go."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings

from clinic.models import ClinicDetails
from contact.models import DeskSettings


def staff_address() -> str:
    """Return where notices to staff go: the clinic's setting, or else its sender's own address."""
    details = ClinicDetails.objects.only("notify_email").first()
    return (details.notify_email if details else "") or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def proof_address() -> str:
    """Return where the message goes that proves each day that the form works."""
    return DeskSettings.load().proof_email or staff_address()
