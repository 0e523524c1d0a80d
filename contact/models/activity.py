"""Write down who saw or did what with an enquiry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinic.lib.client_ip import client_ip
from contact.models.event import EnquiryEvent, EventType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest


def record(
    kind: EventType,
    reference: str = "",
    *,
    request: HttpRequest | None = None,
    references: Iterable[str] = (),
    detail: str = "",
    data: dict[str, Any] | None = None,
) -> EnquiryEvent:
    """Add an event; without a request it is the site's own doing. `detail` and `data` hold nothing of a patient.

    `detail` is for people; what code needs to know again goes into `data`.
    """
    event = _event(kind, reference, request, detail)
    event.data = data or {}
    event.references = " ".join(references)
    event.save()
    return event


def record_each(
    kind: EventType, references: Iterable[str], *, request: HttpRequest | None = None, detail: str = ""
) -> None:
    """Add one event for each of the enquiries, all at once."""
    EnquiryEvent.objects.bulk_create(_event(kind, reference, request, detail) for reference in references)


def _event(kind: EventType, reference: str, request: HttpRequest | None, detail: str) -> EnquiryEvent:
    user = request.user if request and request.user.is_authenticated else None
    return EnquiryEvent(
        kind=kind,
        reference=reference,
        actor_id=user.pk if user else None,
        actor_name=user.get_username() if user else "",
        ip_address=client_ip(request) if request else None,
        detail=detail[:255],
    )
