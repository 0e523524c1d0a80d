"""What came before an enquiry: how many from the same address and network, and what the desk decided about the like.

The desk's own marks teach the screening, in the plainest way: the same text, the same sender, a link to the same site
or an e-mail domain of its own, as in an enquiry that someone marked as spam, or as not spam. It knows them as long as
that enquiry is stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from clinic.lib.characters import folded
from clinic.lib.client_ip import network_of
from clinic.lib.email_addresses import KNOWN_DOMAINS, NEIGHBOURS, same_mailbox
from contact.models import Enquiry, MailedReceipts, SpamFeature
from contact.models.screening import FeatureType

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
# Different people write “Please call me”.
FEWEST_WORDS = 5

_ENDINGS = (
    "com|net|org|info|biz|ca|io|co|me|ru|cn|top|xyz|online|site|shop|store|club|link|live|pro|app|ai|dev|agency|example"
)
LINK = re.compile(
    rf"(?:https?://|(?<![\w@.])www\.)\S+|(?<![\w@.\-])[\w\-]+(?:\.[\w\-]+)*\.(?:{_ENDINGS})\b(?![@\w])(?:/\S*)?",
    re.IGNORECASE,
)


class Feature(NamedTuple):
    kind: str
    value: str


class Mark(NamedTuple):
    """How often the desk marked enquiries with this feature as spam, and as not spam."""

    feature: Feature
    spam: int
    not_spam: int


@dataclass(frozen=True)
class Earlier:
    """How many came within a day from the same address and with the same text; in an hour from the network, and in all.

    Each number includes this enquiry.
    """

    from_address: int = 0
    from_network: int = 0
    same_text: int = 0
    in_hour: int = 0
    marks: tuple[Mark, ...] = ()


def look_back(features: Iterable[Feature], sender: str, network: str, now: datetime) -> Earlier:
    """Return what came before. Raises `django.db.Error` when that cannot be read."""
    wanted = set(features)
    known = SpamFeature.objects.filter(value__in={feature.value for feature in wanted}).values("kind", "value")
    rows = known.annotate(
        spam=Count("pk", filter=Q(enquiry__marked_spam=True)),
        not_spam=Count("pk", filter=Q(enquiry__marked_spam=False)),
        today=Count("pk", filter=Q(enquiry__received_at__gt=now - DAY)),
    )
    found = {feature: row for row in rows if (feature := Feature(row["kind"], row["value"])) in wanted}
    same = [row["today"] for feature, row in found.items() if feature.kind == FeatureType.TEXT]
    this_hour = Q(received_at__gt=now - HOUR)
    counts = Enquiry.objects.filter(received_at__gt=now - DAY, received_at__lte=now).aggregate(
        address=Count("pk", filter=Q(sender_hash=sender)),
        network=Count("pk", filter=Q(network_hash=network) & this_hour),
        hour=Count("pk", filter=this_hour),
    )
    return Earlier(
        from_address=counts["address"] + 1 if sender else 0,
        from_network=counts["network"] + 1 if network else 0,
        in_hour=counts["hour"] + 1,
        same_text=sum(same) + 1,
        marks=tuple(Mark(feature, row["spam"], row["not_spam"]) for feature, row in sorted(found.items())),
    )


def in_last_hour(now: datetime | None = None) -> int:
    """Return how many enquiries people sent within an hour, suspected spam included."""
    now = now or timezone.now()
    return Enquiry.objects.filter(received_at__gt=now - HOUR, received_at__lte=now).count()


def features_of(text: str, email: str) -> list[Feature]:
    """Return what is recognized in an enquiry when it comes again. Well-known mail providers say nothing."""
    words = re.sub(r"[\W\d_]+", " ", folded(text))
    domain = email.rpartition("@")[2].casefold()
    return [
        *([Feature(FeatureType.TEXT, keyed_hash("text", words))] if len(words.split()) >= FEWEST_WORDS else ()),
        *([Feature(FeatureType.SENDER, keyed_hash("mailbox", same_mailbox(email)))] if email else ()),
        *(
            [Feature(FeatureType.DOMAIN, domain[:100])]
            if domain and domain not in {*KNOWN_DOMAINS, *NEIGHBOURS}
            else ()
        ),
        *(Feature(FeatureType.LINK, host) for host in sorted(link_hosts(text))),
    ]


def link_hosts(text: str) -> set[str]:
    """Return the hosts that the links in a text lead to, without “www.”."""
    links = (re.sub("^https?://", "", link, flags=re.IGNORECASE) for link in LINK.findall(text))
    hosts = (re.match(r"[^/?#:\[\]<>\"')]*", link) for link in links)
    return {host[0].casefold().removeprefix("www.").strip(".,;")[:100] for host in hosts if host} - {""}


def sender_hash(address: str) -> str:
    """Return the keyed hash of a network address, or nothing when the address is not known."""
    return keyed_hash("sender", str(network_of(address, ipv4_prefix=32))) if address else ""


def network_hash(address: str) -> str:
    """Return the keyed hash of the network that an address belongs to, a /24 or a /64."""
    return keyed_hash("sender", str(network_of(address))) if address else ""


def keyed_hash(purpose: str, value: str) -> str:
    return salted_hmac(f"contact.{purpose}", value, algorithm="sha256").hexdigest()


def forget_senders(now: datetime | None = None) -> str:
    """Empty the hashes that are older than a day; return how many, in words for the list of jobs."""
    before = (now or timezone.now()) - DAY
    old = Enquiry.all_objects.filter(received_at__lte=before).exclude(sender_hash="", network_hash="")
    MailedReceipts.objects.filter(last_at__lte=before).delete()
    return f"{old.update(sender_hash='', network_hash='')} forgotten"
