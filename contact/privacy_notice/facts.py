"""The facts that the notice states: read whenever the form is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed

from clinic.models import ClinicDetails
from clinic.page_cache.invalidation import invalidate
from contact.models import DeskSettings

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest


@dataclass(frozen=True)
class Facts:
    clinic: str
    phone: str
    emergency_wording: str
    contact_name: str
    contact_email: str
    # Names of the groups whose members may open enquiries.
    readers: tuple[str, ...]
    stored_where: str
    keep_closed_days: int
    keep_spam_days: int
    close_answered_after_days: int
    mail_is_encrypted: bool

    @classmethod
    def read(cls, request: HttpRequest | None = None) -> Facts:
        """Raises `django.db.Error` when they cannot be read."""
        details = ClinicDetails.for_request(request) if request else ClinicDetails.objects.first()
        details = details or ClinicDetails()
        desk = DeskSettings.load(request)
        return cls(
            clinic=details.name,
            phone=details.phone,
            emergency_wording=details.emergency_wording,
            contact_name=details.privacy_contact_name,
            contact_email=details.privacy_contact_email or details.email,
            readers=readers(),
            stored_where=desk.stored_where.rstrip(". "),
            keep_closed_days=desk.keep_closed_days,
            keep_spam_days=desk.keep_spam_days,
            close_answered_after_days=desk.close_answered_after_days,
            mail_is_encrypted=bool(settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL),
        )


def readers() -> tuple[str, ...]:
    """Return the groups whose members may open enquiries, as their permissions are now."""
    may_see = {"permissions__content_type__app_label": "contact", "permissions__codename": "view_enquiry"}
    return tuple(Group.objects.filter(**may_see).order_by("name").values_list("name", flat=True))


def connect() -> None:
    """Renew cached pages when other groups may open enquiries."""
    m2m_changed.connect(_roles_changed, sender=Group.permissions.through, dispatch_uid="privacy-notice")


def _roles_changed(**_kwargs: Any) -> None:
    invalidate()
