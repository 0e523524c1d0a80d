"""How much an enquiry looks like advertising: a score, and its reasons in words for the staff.

`docs/staff.md` (“Suspected spam”) lists the signs and what each adds to the score. An enquiry that reaches
`DeskSettings.spam_line` is suspected: it is stored like any other, and someone has to look at it. One sign alone is
never enough, and anyone who was shown the emergency wording and sent the enquiry anyway is a person.

The desk's own marks teach the screening, in the plainest way: the same text, the same sender, a link to the same site
or an e-mail domain of its own, as in an enquiry that someone marked as spam, or as not spam. It knows them as long as
that enquiry is stored.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import starmap
from pathlib import Path

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from clinic.lib.characters import folded
from clinic.lib.email_addresses import KNOWN_DOMAINS, NEIGHBOURS, same_mailbox
from clinic.lib.http import network_of
from clinic.lib.phrases import phrases_in
from clinic.lib.word_weights import WordWeights
from contact.models import DeskSettings, Enquiry, SpamFeature
from contact.models.enquiry import FeatureType, Status

FEWEST_OF_SAME_TEXT = 4  # people send a form again with a corrected number
ONE_PHRASE, MORE_PHRASES, MANY_PHRASES = 2, 4, 4  # people do work at the casino
FEWEST_SIGNS = 2
LIKENESS, ENOUGH_LIKENESS = (2.5, 3.5, 4.5, 5.5, 7.5), 9  # each step adds one
DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
# Different people write “Please call me”.
FEWEST_WORDS = 5

# How spam is worded.
WORDING = WordWeights(Path(__file__).with_name("word_weights.txt"))
_DATA = tomllib.loads(Path(__file__).with_name("spam_words.toml").read_text(encoding="utf-8"))
# Signs by name; what a feature adds that was marked; the most that signs of one kind add.
KNOWN, MARKED, MOST = _DATA["known"], _DATA["marked"], _DATA["most"]
# Each sign's reason, what its first phrase adds, and its phrases.
WORDS = _DATA["sign"]
_MARKUP = re.compile(r"<a\s+href|\[url[=\]]", re.IGNORECASE)
_ANOTHER_SCRIPT, _LATIN = re.compile("[\u0370-\u1cff\u3040-\ud7ff]"), re.compile("[a-zA-Z]")
# Eight letters or more that change between lower and upper case at least three times: “fKjHgTrEw”.
_RANDOM = re.compile(r"\b(?=[a-zA-Z]{8})[A-Z]*(?:[a-z]+[A-Z]+){3}[a-zA-Z]*\b")
_ENDINGS = (
    "com|net|org|info|biz|ca|io|co|me|ru|cn|top|xyz|online|site|shop|store|club|link|live|pro|app|ai|dev|agency|example"
)
LINK = re.compile(
    rf"(?:https?://|(?<![\w@.])www\.)\S+|(?<![\w@.\-])[\w\-]+(?:\.[\w\-]+)*\.(?:{_ENDINGS})\b(?![@\w])(?:/\S*)?",
    re.IGNORECASE,
)


# What is recognized when it comes again: its type and value.
Feature = tuple[str, str]


@dataclass(frozen=True)
class Earlier:
    """How many came within a day from the same address and with the same text; in an hour from the network, and in all.

    Each number includes this enquiry. `marks`: features, and how often the desk marked enquiries with them as spam and
    as not spam.
    """

    from_address: int = 0
    from_network: int = 0
    same_text: int = 0
    in_hour: int = 0
    marks: tuple[tuple[Feature, int, int], ...] = ()


@dataclass(frozen=True)
class Sign:
    """`is_enough`: it needs no second sign, such as what a colleague has decided about the like."""

    weight: int
    reason: str
    is_enough: bool = False


def screen(enquiry: Enquiry) -> tuple[list[Feature], bool]:
    """Set what the screening finds in an enquiry that is not stored yet, by the managers' settings.

    Return what is recognized when it comes again, and whether more than usual came within an hour. Raises
    `django.db.Error` when settings or earlier enquiries cannot be read.
    """
    desk = DeskSettings.objects.first() or DeskSettings()
    features = features_of(enquiry.message, enquiry.email)
    earlier = look_back(features, enquiry)
    how = {"honeypot_filled": enquiry.honeypot_filled, "headers_missing": enquiry.headers_missing}
    found = signs_of_spam(f"{enquiry.name}\n{enquiry.message}", desk, earlier, **how)
    enquiry.screening_score, is_suspected = assess(found, desk.spam_line)
    enquiry.screening_reasons = [sign.reason for sign in found]
    # Machines do not read the emergency wording and press “Send anyway”, and a person who may need help must not wait.
    if is_suspected and not enquiry.is_read_first:
        enquiry.status, enquiry.is_receipt_held = Status.SUSPECTED_SPAM, False
    elif earlier.from_network > desk.most_from_one_address:
        enquiry.is_receipt_held = True
    return features, earlier.in_hour > desk.most_in_an_hour


def assess(found: list[Sign], line: int) -> tuple[int, bool]:
    """Return the score, and whether it is suspected: one sign alone is never enough, unless it is so by itself."""
    score = max(sum(sign.weight for sign in found), 0)
    is_enough = sum(sign.weight > 0 for sign in found) >= FEWEST_SIGNS or any(sign.is_enough for sign in found)
    return score, is_enough and score >= line


def signs_of_spam(text: str, desk: DeskSettings, earlier: Earlier, **how: bool) -> list[Sign]:
    """`how` it came: `honeypot_filled`, `headers_missing`."""
    most, script = desk.most_from_one_address, _ANOTHER_SCRIPT.findall(text)
    known = how | {
        "markup": _MARKUP.search(text),
        "another_script": LINK.search(text) and len(script) > len(_LATIN.findall(LINK.sub("", text))),
        "random_letters": len(_RANDOM.findall(text)) >= FEWEST_SIGNS,
    }
    found = [
        *(Sign(**KNOWN[name]) for name, is_found in known.items() if is_found),
        _volume("one_address", earlier.from_address, most),
        _volume("one_network", earlier.from_network, most),
        _volume("same_text", earlier.same_text, FEWEST_OF_SAME_TEXT - 1),
        *starmap(_marked, earlier.marks),
        _links(text),
        _likeness(text, desk.spam_phrases),
        *_phrases(text, desk.spam_phrases.splitlines()),
    ]
    return [sign for sign in found if sign]


def _volume(name: str, count: int, most: int) -> Sign | None:
    """Return a sign that weighs one more for each time that the number is three times as high."""
    if count <= most:
        return None
    weight = KNOWN[name]["weight"] + int(math.log(count / most, 3))
    return Sign(min(weight, MOST["volume"]), f"{count:,} {KNOWN[name]['reason']}")


def _marked(feature: Feature, spam: int, not_spam: int) -> Sign | None:
    if spam == not_spam:
        return None
    kind, is_spam, times = FeatureType(feature[0]), spam > not_spam, max(spam, not_spam)
    what = f"{kind.label} {feature[1]}" if kind in {FeatureType.LINK, FeatureType.DOMAIN} else kind.label
    reason = f"{what}: marked as {'spam' if is_spam else 'not spam'} {'once' if times == 1 else f'{times} times'}"
    return Sign(MARKED[kind.value if is_spam else "not_spam"], reason, is_enough=is_spam)


def _likeness(text: str, managers_phrases: str) -> Sign | None:
    likeness, words = WORDING.likeness(text, managers_phrases)
    weight = sum(likeness > step for step in LIKENESS)
    reason = f"Worded like spam more than like a patient’s message: {', '.join(words)}"
    return Sign(weight, reason, is_enough=likeness > ENOUGH_LIKENESS) if weight else None


def _links(text: str) -> Sign | None:
    count = len(LINK.findall(text))
    return Sign(min(count, MOST["links"]), "1 web link" if count == 1 else f"{count} web links") if count else None


def _phrases(text: str, own: list[str]) -> Iterator[Sign]:
    """Yield a sign for the managers' own list, and one for each of `WORDS`."""
    known = set(phrases_in(text, (*own, *(phrase for sign in WORDS for phrase in sign["phrases"]))))
    if listed := [phrase for phrase in own if phrase in known]:
        yield Sign(ONE_PHRASE if len(listed) == 1 else MORE_PHRASES, f"Known from advertising: {', '.join(listed)}")
    for sign in WORDS:
        # What is part of a phrase of the managers does not count twice.
        if found := [one for one in sign["phrases"] if one in known and one.strip("*") not in " ".join(listed)]:
            weight = min(sign["first"] + len(found) - 1, MOST["words"])
            yield Sign(weight, f"{sign['reason']}: {', '.join(found)}", is_enough=len(found) >= MANY_PHRASES)


def look_back(features: Iterable[Feature], enquiry: Enquiry) -> Earlier:
    """Return what came before. Raises `django.db.Error` when that cannot be read."""
    wanted, now = set(features), enquiry.received_at
    known = SpamFeature.objects.filter(value__in={value for _kind, value in wanted}).values("kind", "value")
    rows = known.annotate(
        spam=Count("pk", filter=Q(enquiry__marked_spam=True)),
        not_spam=Count("pk", filter=Q(enquiry__marked_spam=False)),
        today=Count("pk", filter=Q(enquiry__received_at__gt=now - DAY)),
    )
    found = {feature: row for row in rows if (feature := (row["kind"], row["value"])) in wanted}
    same = [row["today"] for (kind, _value), row in found.items() if kind == FeatureType.TEXT]
    this_hour = Q(received_at__gt=now - HOUR)
    counts = Enquiry.objects.filter(received_at__gt=now - DAY, received_at__lte=now).aggregate(
        address=Count("pk", filter=Q(sender_hash=enquiry.sender_hash)),
        network=Count("pk", filter=Q(network_hash=enquiry.network_hash) & this_hour),
        hour=Count("pk", filter=this_hour),
    )
    return Earlier(
        from_address=counts["address"] + 1 if enquiry.sender_hash else 0,
        from_network=counts["network"] + 1 if enquiry.network_hash else 0,
        in_hour=counts["hour"] + 1,
        same_text=sum(same) + 1,
        marks=tuple((feature, row["spam"], row["not_spam"]) for feature, row in sorted(found.items())),
    )


def in_last_hour(now: datetime) -> int:
    """Return how many enquiries people sent within an hour, suspected spam included."""
    return Enquiry.objects.filter(received_at__gt=now - HOUR, received_at__lte=now).count()


def features_of(text: str, email: str) -> list[Feature]:
    """Return what is recognized in an enquiry when it comes again. Well-known mail providers say nothing."""
    words = re.sub(r"[\W\d_]+", " ", folded(text))
    domain = email.rpartition("@")[2].casefold()
    features = [
        (FeatureType.TEXT, keyed_hash("text", words) if len(words.split()) >= FEWEST_WORDS else ""),
        (FeatureType.SENDER, keyed_hash("mailbox", same_mailbox(email)) if email else ""),
        (FeatureType.DOMAIN, "" if domain in {*KNOWN_DOMAINS, *NEIGHBOURS} else domain[:100]),
        *((FeatureType.LINK, host) for host in sorted(link_hosts(text))),
    ]
    return [(kind, value) for kind, value in features if value]


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
    return f"{old.update(sender_hash='', network_hash='')} forgotten"
