"""How the site recognizes the enquiry of its own synthetic check (the canary) among people's enquiries.

Its hidden value names a check that has begun, is signed with the site's key, and is valid once, for a few minutes.
Anyone who sends another value has simply sent an enquiry.
"""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone

from contact.models import Enquiry, SyntheticCheck

FIELD = "canary"
HOLDS = timedelta(minutes=5)
# A check that was killed leaves its canary for this long at most; no page shows it.
LEFT_AFTER = timedelta(minutes=15)

_signer = TimestampSigner(salt="contact.canary")


def sign(run: SyntheticCheck) -> str:
    """Return the value of the canary's field."""
    return _signer.sign(str(run.pk))


def take(value: str) -> bool:
    """Return whether this is the canary of a check that has begun; only once. Call it in the storing transaction."""
    try:
        number = int(_signer.unsign(value, max_age=HOLDS))
    except (BadSignature, ValueError):
        return False
    waiting = SyntheticCheck.objects.filter(pk=number, finished_at=None, canary_used_at=None)
    return bool(waiting.update(canary_used_at=timezone.now()))


def remove_left(now: datetime | None = None) -> int:
    """Remove the canaries of checks that were interrupted; return how many."""
    left = Enquiry.all_objects.filter(is_canary=True, received_at__lte=(now or timezone.now()) - LEFT_AFTER)
    _rows, by_model = left.delete()
    return by_model.get(Enquiry._meta.label, 0)
