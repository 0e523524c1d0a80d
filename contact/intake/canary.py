"""The sign by which the site knows its own canary among people's enquiries.

It names a run that was begun in the database, is signed with the site's key, holds for a few minutes and is taken
once. Whoever sends another one has simply sent an enquiry.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone

from contact.models import Enquiry, SyntheticCheck

if TYPE_CHECKING:
    from datetime import datetime

FIELD = "canary"
HOLDS = timedelta(minutes=5)
# A run that was killed leaves its canary for so long at most; nothing ever shows it.
LEFT_AFTER = timedelta(minutes=15)

_signer = TimestampSigner(salt="contact.canary")


def sign(run: SyntheticCheck) -> str:
    """Return the value of the canary's field."""
    return _signer.sign(str(run.pk))


def take(value: str) -> bool:
    """Say whether this is the canary of a run that has begun; it is so once. Within the storing transaction."""
    if not value:
        return False
    try:
        number = int(_signer.unsign(value, max_age=HOLDS))
    except (BadSignature, ValueError):
        return False
    waiting = SyntheticCheck.objects.filter(pk=number, finished_at=None, canary_used_at=None)
    return bool(waiting.update(canary_used_at=timezone.now()))


def remove_left(now: datetime | None = None) -> int:
    """Remove the canaries of runs that did not come to their end; return how many."""
    left = Enquiry.all_objects.filter(is_canary=True, received_at__lte=(now or timezone.now()) - LEFT_AFTER)
    _rows, by_model = left.delete()
    return by_model.get(Enquiry._meta.label, 0)
