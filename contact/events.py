"""Write down who saw or did what with an enquiry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinic.network_address import network_address
from contact.models import EnquiryEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

Kind = EnquiryEvent.Kind


def record(
    kind: EnquiryEvent.Kind,
    reference: str = "",
    *,
    request: HttpRequest | None = None,
    references: Iterable[str] = (),
    detail: str = "",
) -> EnquiryEvent:
    """Add an event; without a request it is the site's own doing. `detail` holds nothing of a patient."""
    user = request.user if request and request.user.is_authenticated else None
    return EnquiryEvent.objects.create(
        kind=kind,
        reference=reference,
        references=" ".join(references),
        actor_id=user.pk if user else None,
        actor_name=user.get_username() if user else "",
        ip_address=(network_address(request) or None) if request else None,
        detail=detail[:255],
    )
