"""How many enquiries came from one network address: counted on their own table, known by a keyed hash for a day."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.crypto import salted_hmac

from contact.models import Enquiry

if TYPE_CHECKING:
    from datetime import datetime

KEPT_FOR = timedelta(hours=24)
# A provider gives each household so many addresses that only this part of them tells households apart.
HOUSEHOLD_PREFIX = 64


def sender_hash(address: str) -> str:
    """Return the keyed hash of a network address, or nothing when the address is not known."""
    if not address:
        return ""
    sender = ip_address(address)
    if isinstance(sender, IPv6Address):
        sender = sender.ipv4_mapped or ip_network((sender, HOUSEHOLD_PREFIX), strict=False).network_address
    return salted_hmac("contact.sender", str(sender), algorithm="sha256").hexdigest()


def count_from(sender: str, now: datetime) -> int:
    """Return how many enquiries people sent from here within a day; none when the sender is not known."""
    return Enquiry.objects.filter(sender_hash=sender, received_at__gt=now - KEPT_FOR).count() if sender else 0


def forget_senders(now: datetime | None = None) -> str:
    """Empty the hashes that are older than a day; return how many, in words for the clock."""
    old = Enquiry.everything.filter(received_at__lte=(now or timezone.now()) - KEPT_FOR)
    return f"{old.exclude(sender_hash='').update(sender_hash='')} forgotten"
