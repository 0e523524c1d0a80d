"""Years of enquiries in minutes, for `tests.load.desk`: most are closed, and more are waiting than in any clinic."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from clinic.lib.email_addresses import same_mailbox
from clinic.lib.telephone import digits_of, normalised
from contact.models import Enquiry, EnquiryEvent, Message
from contact.models.enquiry import REFERENCE_ALPHABET, search_text

AT_ONCE = 5000
YEARS = timedelta(days=5 * 365)
# How many of a hundred thousand are in each state; the rest is closed.
STATES = {"new": 200, "in_progress": 100, "answered": 2000, "suspected_spam": 300, "spam": 10_000}
FIRST = ("Robin", "Sam", "Avery", "Zoë", "Émile", "Marie", "Noah", "Olivia", "Liam", "Maria", "Mark", "Martin", "Mary")
BEGINNINGS = ("An", "Ber", "Cor", "Dal", "El", "Far", "Gus", "Hal", "Ir", "Jon", "Kal", "Lo", "Mor", "Nor", "Ol", "Per")
MIDDLES = ("", "a", "en", "ing", "o", "is", "al", "el")
ENDINGS = ("ley", "ton", "son", "berg", "mann", "ski", "wood", "field", "er", "ard", "ault", "ier", "well", "by", "ham")
SENTENCE = "Could I come in about my shoulder, knee or back? It has been like this for two weeks now. "


def fill(number: int) -> None:
    """Store so many enquiries with their mail, and an event for each."""
    chance = random.Random(4)  # noqa: S311  the same ones each time, and no secret
    now = timezone.now()
    staff = [_person(name, role) for name, role in (("reception", "Reception"), ("manager", "Managers"))]
    states = _states(number)
    chance.shuffle(states)
    _store(Enquiry, (_enquiry(place, state, number, staff, chance, now) for place, state in enumerate(states)))
    # Numbered from one on: the database was empty.
    stored = Enquiry.objects.order_by("pk").only("name", "email", "phone", "received_at", "reference", "status")
    _store(Message, (message for enquiry in stored.iterator() for message in _messages(enquiry, chance)))
    _store(EnquiryEvent, (_event(enquiry, staff[0]) for enquiry in stored.iterator()))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as its own keeper does within minutes


def _states(number: int) -> list[str]:
    states = [state for state, of_them in STATES.items() for _ in range(number * of_them // 100_000)]
    return [*states, *["closed"] * (number - len(states))]


def _enquiry(place: int, state: str, number: int, staff: list[User], chance: random.Random, now: datetime) -> Enquiry:
    is_open = state in {"new", "in_progress", "suspected_spam"}
    # What waits came within four days; what is done, within years.
    age = timedelta(days=4) * chance.random() if is_open else YEARS * ((number - place) / number)
    received = now - age
    name = f"{chance.choice(FIRST)} {chance.choice(BEGINNINGS)}{chance.choice(MIDDLES)}{chance.choice(ENDINGS)}"
    phone = f"867-{chance.randrange(200, 999)}-{chance.randrange(10_000):04}"
    fields: dict[str, Any] = {
        "email": f"{name.split()[1].lower()}{place}@example.com",
        "phone": phone if chance.random() < 0.8 else "",
    }
    return Enquiry(
        reference=_reference(place),
        received_at=received,
        due_at=received + timedelta(days=2),
        name=name,
        phone_digits=digits_of(fields["phone"]),
        phone_normalised=normalised(fields["phone"]),
        mailbox=same_mailbox(fields["email"]),
        search_text=search_text(name, fields["email"], fields["phone"], _reference(place)),
        preferred_contact="phone" if fields["phone"] and place % 2 else "email",
        voicemail_ok=place % 3 == 0,
        topic=chance.choice(Enquiry.Topic.values),
        about_title="IMS dry needling" if place % 2 else "",
        message=SENTENCE * chance.randrange(1, 6),
        status=state,
        assigned_to=staff[place % 2] if place % 3 else None,
        answered_at=received + timedelta(hours=5) if state in {"answered", "closed"} else None,
        closed_at=received + timedelta(days=14) if state in {"closed", "spam"} else None,
        red_flags=["Chest pain"] if place % 100 == 0 else [],
        screening_reasons=["3 web links", "known phrase"] if "spam" in state else [],
        **fields,
    )


def _reference(place: int) -> str:
    letters = ""
    # Spread over the alphabet, and never the same twice: a step without a common factor.
    rest = place * 7919 % len(REFERENCE_ALPHABET) ** 6
    for _ in range(6):
        rest, letter = divmod(rest, len(REFERENCE_ALPHABET))
        letters += REFERENCE_ALPHABET[letter]
    return f"{letters[:2]}-{letters[2:]}"


def _messages(enquiry: Enquiry, chance: random.Random) -> Iterator[Message]:
    kinds = {"staff_notification": "desk@example.org", "patient_receipt": enquiry.email}
    if enquiry.status in {"suspected_spam", "spam"}:
        return
    for kind, recipient in kinds.items():
        came_back = kind == "patient_receipt" and chance.random() < 0.01
        yield Message(
            enquiry=enquiry,
            kind=kind,
            recipient=recipient,
            message_id=f"<{enquiry.pk}.{kind}@example.org>",
            created_at=enquiry.received_at,
            not_before=enquiry.received_at,
            sent_at=enquiry.received_at,
            bounced_at=enquiry.received_at if came_back else None,
            attempts=1,
        )


def _event(enquiry: Enquiry, person: User) -> EnquiryEvent:
    return EnquiryEvent(
        kind="seen", at=enquiry.received_at, reference=enquiry.reference, actor=person, actor_name=person.username
    )


def _person(name: str, role: str) -> User:
    person = User.objects.create_user(name)
    person.groups.add(Group.objects.get(name=role))
    return person


def _store(model: type[Model], rows: Iterator[Model]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        model._default_manager.bulk_create(some)
