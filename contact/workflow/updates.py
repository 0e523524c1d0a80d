"""Change an enquiry: the list, the enquiry's page and the bulk actions all come through here.

It is reopened when its answer did not arrive or the patient replied, even if someone has closed it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.utils import display_for_value
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from clinic.lib.logs import failures_logged
from contact.intake import promise
from contact.intake.submission import make_held_messages
from contact.models import Enquiry, EnquiryEvent, Entry, Message
from contact.models.enquiry import Status
from contact.models.entry import EntryType
from contact.models.event import EventType, record
from contact.models.message import MessageType

# What staff decide. What the patient wrote is never changed.
DECISIONS = ("status", "assigned_to", "legal_hold")
RELEASE = "is_receipt_held"
NOT_SPAM = "not spam; any mail held back for a waiting patient goes out now"
NO_FOLLOW_UP: dict[str, Any] = {"follow_up_at": None, "follow_up_reason": "", "waiting_for_patient": False}
URGENCY = "urgency_ended_at"
CHANGEABLE = {*DECISIONS, *NO_FOLLOW_UP, RELEASE, URGENCY, "heard_phone"}
SPAM = (Status.SUSPECTED_SPAM, Status.SPAM)
# Spam, and what is waiting anyway, is not reopened.
REOPENED = (Status.ANSWERED, Status.CLOSED)
SPOKEN = (Entry.CallOutcome.REACHED, Entry.CallOutcome.THEY_CALLED)
UNDO_WITHIN = timedelta(hours=1)


class StaleError(Exception):
    """Someone else changed the enquiry after this person opened it; `current` is the enquiry as it is now."""

    def __init__(self, current: Enquiry) -> None:
        super().__init__(current.reference)
        self.current = current


@transaction.atomic
def update_enquiry(
    enquiry: Enquiry, request: HttpRequest | None, *, seen: int | None = None, batch: str = "", **decisions: Any
) -> str:
    """Save these of `CHANGEABLE`, and record an event; return what changed, in words, or "".

    What is recorded with a `batch` can be undone (`undo`). `seen` is the revision the person was looking at: raises
    `StaleError`, and changes nothing, if it is no longer the current one. `request` is None when the site itself makes
    the change.
    """
    if unknown := set(decisions) - CHANGEABLE:
        raise ValueError(f"Not decided at the desk: {', '.join(sorted(unknown))}.")
    rows = Enquiry.all_objects.filter(pk=enquiry.pk)
    # First, because this takes the row's lock: a second request waits here, and then finds another revision.
    if not (rows if seen is None else rows.filter(revision=seen)).update(revision=F("revision") + 1):
        raise StaleError(rows.get())
    enquiry.refresh_from_db()
    before, status_before, was_held = _in_words(enquiry), enquiry.status, enquiry.is_receipt_held
    if decisions.get("status", status_before) != status_before:
        # An enquiry that waits again waits now.
        decisions = NO_FOLLOW_UP | decisions
    undo = {name: getattr(enquiry, "assigned_to_id" if name == "assigned_to" else name) for name in decisions}
    for name, value in decisions.items():
        setattr(enquiry, name, value)
    is_cleared = enquiry.status not in SPAM and (status_before in SPAM or was_held > enquiry.is_receipt_held)
    if is_cleared or (enquiry.status == Status.SPAM != status_before):
        # The screening learns from this: contact.screening.spam.py.
        enquiry.marked_spam, enquiry.is_receipt_held = not is_cleared, enquiry.is_receipt_held and not is_cleared
    after = _in_words(enquiry)
    changed = "; ".join(f"{name}: {before[name]} → {after[name]}" for name in before if before[name] != after[name])
    if not changed:
        rows.update(revision=F("revision") - 1)
        enquiry.revision -= 1
        return ""
    if decisions.get(URGENCY):
        _end_urgency(enquiry)
    times = ("answered_at", "closed_at", "due_at", "promised_at")
    enquiry.save(update_fields=[*decisions, "marked_spam", "is_receipt_held", "search_text", *times])
    data: dict[str, Any] = {"status": [status_before, enquiry.status]} if enquiry.status != status_before else {}
    if batch:
        undo = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in undo.items()}
        data |= {"batch": batch, "revision": enquiry.revision, "undo": undo}
    record(EventType.CHANGED, enquiry.reference, request=request, detail=changed, data=data)
    if is_cleared and enquiry.is_waiting:
        make_held_messages(enquiry)
    return changed


def _end_urgency(enquiry: Enquiry) -> None:
    """From now on the ordinary time counts; the promise to read it first was kept, if that is still ahead."""
    now, ordinary = timezone.now(), promise.reply_policy().due_at(enquiry.received_at)
    if enquiry.is_read_first and ordinary:
        if enquiry.due_at and now <= enquiry.due_at:
            enquiry.promised_at = ordinary
        enquiry.due_at = ordinary


@transaction.atomic
def undo(batch: str, request: HttpRequest) -> tuple[int, int]:
    """Undo what this person did within the last hour; return how many were undone, and how many have changed since."""
    events = EnquiryEvent.objects.filter(
        actor=request.user.pk, at__gt=timezone.now() - UNDO_WITHIN, kind=EventType.CHANGED, data__batch=batch
    )
    undone = changed = 0
    for event in events:
        before = event.data["undo"]
        for name in {"follow_up_at", URGENCY} & {name for name, value in before.items() if value}:
            before[name] = datetime.fromisoformat(before[name])
        if "assigned_to" in before:
            before["assigned_to"] = get_user_model().objects.filter(pk=before["assigned_to"]).first()
        enquiry = Enquiry.objects.filter(reference=event.reference, revision=event.data["revision"]).first()
        if enquiry:
            update_enquiry(enquiry, request, **before)
            undone += 1
        else:
            changed += 1
    return undone, changed


def not_spam(enquiry: Enquiry) -> dict[str, Any]:
    """Return the decision that it is no spam: its status before it became spam, or new if it arrived as suspected."""
    if enquiry.status not in SPAM:
        return {RELEASE: False}
    changes = EnquiryEvent.objects.filter(reference=enquiry.reference, kind=EventType.CHANGED, data__has_key="status")
    for data in changes.order_by("-at", "-pk").values_list("data", flat=True):
        before, after = data["status"]
        if after in SPAM and before not in SPAM:
            return {"status": Status(before)}
    return {"status": Status.NEW}


def reopen_if_unanswered(message: Message, **_kwargs: Any) -> None:
    """Put the enquiry back on the waiting list if this message was its answer (`delivery_failed`)."""
    enquiry = message.enquiry
    if enquiry and message.kind == MessageType.REPLY and not was_reached_since(message):
        reopen(enquiry, stays_promised=True)


def reopen(enquiry: Enquiry, *, stays_promised: bool = False, **_kwargs: Any) -> None:
    """Let the enquiry wait for us again, if it was answered, closed or waiting for the patient (`patient_replied`).

    The time to answer by stays if it is still ahead; otherwise the enquiry gets a new one. Statistics go by that after
    a patient's reply, and by the first one, which `stays_promised`, where our answer never arrived.
    """
    if enquiry.is_waiting:
        update_enquiry(enquiry, None, **NO_FOLLOW_UP)
    if enquiry.status not in REOPENED:
        return
    now = timezone.now()
    update_enquiry(enquiry, None, status=Status.IN_PROGRESS)
    promised = enquiry.due_at
    if promised and promised > now:
        return
    due_at = None
    # The enquiry is reopened all the same, and `contact.workflow.escalation` sets the time later.
    with failures_logged("The time to answer by could not be calculated"), transaction.atomic():
        due_at = promise.reply_policy().due_at(now)
    promised_at = enquiry.promised_at or promised if stays_promised else due_at
    Enquiry.objects.filter(pk=enquiry.pk).update(due_at=due_at, promised_at=promised_at)
    if promised and due_at:
        moved = " → ".join(date_format(timezone.localtime(moment), "DATETIME_FORMAT") for moment in (promised, due_at))
        record(EventType.CHANGED, enquiry.reference, detail=f"answer by: {moved}")


def was_reached_since(message: Message) -> bool:
    """Say whether a later reply was delivered, or a later call reached the patient."""
    since = message.created_at
    replies = Message.objects.filter(
        enquiry=message.enquiry_id, kind=MessageType.REPLY, created_at__gt=since, bounced_at=None
    ).exclude(sent_at=None)
    calls = Entry.objects.filter(enquiry=message.enquiry_id, kind=EntryType.CALL, call_outcome__in=SPOKEN, at__gt=since)
    return replies.exists() or calls.exists()


def colleagues() -> QuerySet[User]:
    """Return the people who may see enquiries."""
    people = get_user_model().objects.with_perm(
        "contact.view_enquiry", backend="django.contrib.auth.backends.ModelBackend"
    )
    return people.order_by("username")


def display_name(person: Any, default: str = "") -> str:
    """Return a person's full name, or else their user name; `default` where there is no account (any more)."""
    return person.get_full_name() or person.get_username() if person is not None else default


def field_in_words(row: Model, name: str) -> str:
    """Return a field's value as people read it; "" where it is empty."""
    value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return display_name(value) if isinstance(value, User) else display_for_value(value, "")


def _in_words(enquiry: Enquiry) -> dict[str, str]:
    return {
        "status": enquiry.get_status_display(),
        "assigned to": enquiry.assigned_to.get_username() if enquiry.assigned_to else "no one",
        "legal hold": "yes" if enquiry.legal_hold else "no",
        "receipt held": "yes" if enquiry.is_receipt_held else "no",
        "number heard on the phone": "yes" if enquiry.heard_phone else "no",
        "urgent": "yes" if enquiry.is_urgent else "no",
        "follow up": follow_up_in_words(enquiry) or "none",
    }


def follow_up_in_words(enquiry: Enquiry) -> str:
    """Return “when the patient replies” or “3 p.m. on Nov 30, voicemail left”; "" where there is none."""
    if enquiry.waiting_for_patient:
        return "when the patient replies"
    if enquiry.follow_up_at is None:
        return ""
    moment = date_format(timezone.localtime(enquiry.follow_up_at), r"P \o\n M j")
    return ", ".join(filter(None, (moment, enquiry.follow_up_reason)))
