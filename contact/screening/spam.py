"""How much an enquiry looks like advertising: a score, and its reasons in words for the staff.

`docs/staff.md` (“Suspected spam”) lists the signs and what each adds to the score. An enquiry that reaches
`DeskSettings.spam_line` is suspected: it is stored like any other, and someone has to look at it. One sign alone is
never enough, and anyone who was shown the emergency wording and sent the enquiry anyway is a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.crypto import salted_hmac

from clinic.lib.phrases import phrases_in
from contact.models import DeskSettings, Enquiry

if TYPE_CHECKING:
    from collections.abc import Iterable

HONEYPOT = 2  # password managers and autofill do that too
HEADERS_MISSING = 1  # 8 in 100 people's browsers do not send them
MANY_FROM_ONE_ADDRESS = 2  # a camp, a village or a phone network may share one
MOST_FOR_LINKS = 3  # a patient may send a link to a referral or a map
ONE_PHRASE, MORE_PHRASES = 2, 4  # people do work at the casino
FEWEST_SIGNS = 2

SENDER_HASH_LIFETIME = timedelta(hours=24)
# A provider gives each household a whole range of IPv6 addresses; this part of them is the same within a household.
HOUSEHOLD_PREFIX = 64

LINK = re.compile(r"(?:https?://|(?<![\w@.])www\.)\S", re.IGNORECASE)


@dataclass(frozen=True)
class Sign:
    weight: int
    reason: str


@dataclass(frozen=True)
class SpamAssessment:
    """Whether an enquiry looks like advertising; `reasons` are in words, for the staff."""

    score: int = 0
    reasons: tuple[str, ...] = ()
    is_suspected: bool = False


def assess_spam(text: str, *, sender_hash: str = "", now: datetime | None = None, **how: bool) -> SpamAssessment:
    """Assess an enquiry's text and how it came (see `signs_of_spam`), by the managers' settings.

    Raises `django.db.Error` when those cannot be read.
    """
    desk = DeskSettings.objects.first() or DeskSettings()
    count = _count_from(sender_hash, now or timezone.now()) + 1
    return assess(signs_of_spam(text, desk, from_this_address=count, **how), desk.spam_line)


def assess(found: list[Sign], line: int) -> SpamAssessment:
    """Add up the signs; one sign alone never makes an enquiry suspected."""
    score = sum(sign.weight for sign in found)
    is_suspected = len(found) >= FEWEST_SIGNS and score >= line
    return SpamAssessment(score, tuple(sign.reason for sign in found), is_suspected)


def signs_of_spam(
    text: str,
    desk: DeskSettings,
    *,
    honeypot_filled: bool = False,
    headers_missing: bool = False,
    from_this_address: int = 0,
) -> list[Sign]:
    """Return the signs of spam in a text and in how it came.

    `from_this_address` counts what came from the same network address within a day, this one included.
    """
    found = [
        Sign(HONEYPOT, "A field that people cannot see was filled in") if honeypot_filled else None,
        Sign(HEADERS_MISSING, "The browser did not say where the form came from") if headers_missing else None,
        _address(from_this_address, desk.most_from_one_address),
        _links(text),
        _phrases(text, desk.spam_phrases.splitlines()),
    ]
    return [sign for sign in found if sign]


def _address(count: int, most: int) -> Sign | None:
    if count <= most:
        return None
    return Sign(MANY_FROM_ONE_ADDRESS, f"{count} enquiries from one network address within a day")


def _links(text: str) -> Sign | None:
    count = len(LINK.findall(text))
    return Sign(min(count, MOST_FOR_LINKS), "1 web link" if count == 1 else f"{count} web links") if count else None


def _phrases(text: str, phrases: Iterable[str]) -> Sign | None:
    known = phrases_in(text, phrases)
    if not known:
        return None
    weight = ONE_PHRASE if len(known) == 1 else MORE_PHRASES
    return Sign(weight, f"Known from advertising: {', '.join(known)}")


def sender_hash(address: str) -> str:
    """Return the keyed hash of a network address, or nothing when the address is not known."""
    if not address:
        return ""
    sender = ip_address(address)
    if isinstance(sender, IPv6Address):
        sender = sender.ipv4_mapped or ip_network((sender, HOUSEHOLD_PREFIX), strict=False).network_address
    return salted_hmac("contact.sender", str(sender), algorithm="sha256").hexdigest()


def _count_from(sender: str, now: datetime) -> int:
    """Return how many enquiries people sent from here within a day; none when the sender is not known."""
    since = now - SENDER_HASH_LIFETIME
    return Enquiry.objects.filter(sender_hash=sender, received_at__gt=since).count() if sender else 0


def forget_senders(now: datetime | None = None) -> str:
    """Empty the hashes that are older than a day; return how many, in words for the list of jobs."""
    old = Enquiry.all_objects.filter(received_at__lte=(now or timezone.now()) - SENDER_HASH_LIFETIME)
    return f"{old.exclude(sender_hash='').update(sender_hash='')} forgotten"
