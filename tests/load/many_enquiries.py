"""Years of enquiries in minutes, for `tests.load.desk`: most are closed, and more are waiting than in any clinic."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from clinic.lib.email_addresses import same_mailbox
from clinic.lib.telephone import digits_of, normalised
from contact.models import Enquiry, EnquiryEvent, Message
from contact.models.enquiry import REFERENCE_ALPHABET, search_text
from tests.factories import make_person

AT_ONCE = 5000
YEARS, DAYS = timedelta(days=5 * 365), timedelta(days=4)
# How many of a hundred thousand are in each state; the rest is closed.
STATES = {"new": 200, "in_progress": 100, "answered": 2000, "suspected_spam": 300, "spam": 10_000}
FIRST = ("Robin", "Sam", "Avery", "Zoë", "Émile", "Marie", "Noah", "Olivia", "Liam", "Maria", "Mark", "Martin", "Mary")
LAST = [
    "".join(parts)
    for parts in product(
        ("An", "Ber", "Cor", "Dal", "El", "Far", "Gus", "Hal", "Ir", "Jon", "Kal", "Lo", "Mor", "Nor", "Ol", "Per"),
        ("", "a", "en", "ing", "o", "is", "al", "el"),
        ("ley", "ton", "son", "berg", "mann", "ski", "wood", "field", "er", "ard", "ault", "ier", "well", "by", "ham"),
    )
]
SENTENCE = "Could I come in about my shoulder, knee or back? It has been like this for two weeks now. "


def fill(number: int) -> None:
    """Store so many enquiries with their mail, and an event for each."""
    chance = random.Random(4)  # noqa: S311  the same ones each time, and no secret
    now = timezone.now()
    staff = [make_person("Reception", "reception"), make_person("Managers", "manager")]
    states = [state for state, of_them in STATES.items() for _ in range(number * of_them // 100_000)]
    states += ["closed"] * (number - len(states))
    chance.shuffle(states)
    store(Enquiry, (enquiry(place, state, number, staff, chance, now) for place, state in enumerate(states)))
    stored = Enquiry.objects.order_by("pk").only("email", "received_at", "reference", "status")
    store(Message, (message for one in stored.iterator() for message in messages(one, chance)))
    seen: dict[str, Any] = {"kind": "seen", "actor": staff[0], "actor_name": "reception"}
    store(EnquiryEvent, (EnquiryEvent(at=one.received_at, reference=one.reference, **seen) for one in stored))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as its own keeper does within minutes


def enquiry(place: int, state: str, number: int, staff: list[User], chance: random.Random, now: datetime) -> Enquiry:
    # What waits came within four days; what is done, within years.
    is_open = state in {"new", "in_progress", "suspected_spam"}
    received = now - (DAYS * chance.random() if is_open else YEARS * ((number - place) / number))
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    email = f"{name.split()[1].lower()}{place}@example.com"
    phone = f"867-{chance.randrange(200, 999)}-{chance.randrange(10_000):04}" if chance.random() < 0.8 else ""
    reference = reference_of(place)
    return Enquiry(
        reference=reference, received_at=received, due_at=received + timedelta(days=2),
        name=name, email=email, phone=phone, phone_digits=digits_of(phone), phone_normalised=normalised(phone),
        mailbox=same_mailbox(email), search_text=search_text(name, email, phone, reference),
        preferred_contact="phone" if phone and place % 2 else "email", voicemail_ok=place % 3 == 0,
        topic=chance.choice(Enquiry.Topic.values), about_title="IMS dry needling" if place % 2 else "",
        message=SENTENCE * chance.randrange(1, 6), status=state, assigned_to=staff[place % 2] if place % 3 else None,
        answered_at=received + timedelta(hours=5) if state in {"answered", "closed"} else None,
        closed_at=received + timedelta(days=14) if state in {"closed", "spam"} else None,
        red_flags=["Chest pain"] if place % 100 == 0 else [],
        screening_reasons=["3 web links", "known phrase"] if "spam" in state else [],
    )  # fmt: skip


def reference_of(place: int) -> str:
    letters = ""
    # Spread over the alphabet, and never the same twice: a step without a common factor.
    rest = place * 7919 % len(REFERENCE_ALPHABET) ** 6
    for _ in range(6):
        rest, letter = divmod(rest, len(REFERENCE_ALPHABET))
        letters += REFERENCE_ALPHABET[letter]
    return f"{letters[:2]}-{letters[2:]}"


def messages(about: Enquiry, chance: random.Random) -> Iterator[Message]:
    if "spam" in about.status:
        return
    for kind, recipient in {"staff_notification": "desk@example.org", "patient_receipt": about.email}.items():
        came_back = kind == "patient_receipt" and chance.random() < 0.01
        yield Message(
            enquiry=about, kind=kind, recipient=recipient, message_id=f"<{about.pk}.{kind}@example.org>", attempts=1,
            created_at=about.received_at, not_before=about.received_at, sent_at=about.received_at,
            bounced_at=about.received_at if came_back else None,
        )  # fmt: skip


def store(model: type[Model], rows: Iterator[Model]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        model._default_manager.bulk_create(some)
