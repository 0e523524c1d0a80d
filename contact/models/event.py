"""The activity log: who saw or did what with an enquiry, when and from where. Append-only.

The Health Information General Regulation asks a custodian for a record of user activity. It contains no word and no
address of a patient, so it stays when the enquiry is deleted; it names the enquiry by its reference.
"""

from collections.abc import Iterable
from typing import Any, NoReturn, Self, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import localize

from clinic.lib.http import client_ip

ONLY_ADDED = "Rows of this table are only ever added."
Row = TypeVar("Row", bound=models.Model)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    def update(self, *_args: Any, **_values: Any) -> NoReturn:
        raise TypeError(ONLY_ADDED)

    bulk_update = delete = update


class AppendOnly(models.Model):
    """Rows that are only ever added: no code of the site changes or deletes them."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(ONLY_ADDED)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError(ONLY_ADDED)


class EventQuerySet(AppendOnlyQuerySet["EnquiryEvent"]):
    def of(self, reference: str | models.OuterRef) -> "EventQuerySet":
        """Return the events of one enquiry, including lists and exports it was in, the earliest first."""
        about_it = models.Q(reference=reference) | models.Q(references__contains=reference)
        return self.filter(about_it).order_by("at", "pk")


class EventType(models.TextChoices):
    """What someone did: a name, what follows “who” in words for the patient, and a label for staff."""

    for_the_patient: str

    def __new__(cls, value: str, for_the_patient: str) -> Self:
        event_type = str.__new__(cls, value)
        event_type._value_, event_type.for_the_patient = value, for_the_patient
        return event_type

    RECEIVED = "received", "received your enquiry", "Received"
    AGAIN = "again", "received the same words again", "Wrote again"
    LISTED = "listed", "saw it in a list, with your name and contact details", "Seen in a list"
    SEEN = "seen", "opened it and could read what you wrote", "Opened"
    CHANGED = "changed", "changed its status", "Changed"
    NOTED = "noted", "added a note", "Note written"
    CALLED = "called", "phoned you", "Phoned"
    REPLIED = "replied", "wrote you an e-mail", "Reply written"
    DELIVERED = "delivered", "delivered an e-mail about it", "Mail accepted"
    BOUNCED = "bounced", "got back an e-mail that could not be delivered", "Mail came back"
    WROTE_BACK = "wrote_back", "noticed that you replied by e-mail", "Patient replied by e-mail"
    AUTO_REPLY = "auto_reply", "noticed an automatic reply from your address", "Automatic reply"
    RESENT = "resent", "sent an e-mail about it again", "Mail sent again"
    SHARED = "shared", "shared it so that a physiotherapist could read it", "Shared"
    UNSHARED = "unshared", "ended the sharing of it", "Sharing ended"
    ESCALATED = "escalated", "reminded colleagues that you were waiting", "Colleagues reminded"
    EXPORTED = "exported", "exported it to a file, with your name and contact details", "Exported"
    DISCLOSED = "disclosed", "gave you a copy of your data", "Copy given to the person"
    PURGED = "purged", "deleted it at the end of the retention period", "Deleted on schedule"
    ERASED = "erased", "deleted it at your request", "Erased on request"


class EnquiryEvent(AppendOnly):
    at = models.DateTimeField("when", default=timezone.now, db_index=True)
    kind = models.CharField("type", max_length=10, choices=EventType)
    reference = models.CharField(max_length=7, blank=True, db_index=True)
    references = models.TextField(blank=True, help_text="Every enquiry in the list or export, separated by spaces.")
    # No constraint: the name stays with the event when the account is gone.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    actor_name = models.CharField(max_length=150, blank=True, help_text="If empty, the site itself.")
    ip_address = models.GenericIPAddressField("from", null=True)
    detail = models.CharField(max_length=255, blank=True, help_text="Never a patient's words, name or address.")
    data = models.JSONField(default=dict, blank=True, help_text="What code reads back, such as the status before.")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "event"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "at"], name="event_kind_at")]

    def __str__(self) -> str:
        return f"{localize(timezone.localtime(self.at))} {self.get_kind_display()} {self.reference}".strip()


def record(
    kind: EventType,
    reference: str = "",
    *,
    request: HttpRequest | None = None,
    references: Iterable[str] = (),
    detail: str = "",
    **more: Any,
) -> EnquiryEvent:
    """Add an event; without a request the site itself did it. Nothing in it is about a patient.

    `detail` is for people to read; what code has to read back goes into `data`. Another time than now is `at`.
    """
    event = _event(kind, reference, request, detail, references=" ".join(references), **more)
    event.save()
    return event


@transaction.atomic
def record_list(request: HttpRequest, references: Iterable[str], detail: str) -> None:
    """Record the enquiries that a person saw in a list: one event for each person, address and hour, which grows."""
    new, now = _event(EventType.LISTED, "", request, detail), timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    same = {"kind": new.kind, "actor_id": new.actor_id, "ip_address": new.ip_address, "at__gte": hour}
    # Its times grow with it, and are read only when another enquiry is added.
    event = EnquiryEvent.objects.filter(**same).defer("data").first() or new
    known = dict.fromkeys(event.references.split())
    added = [one for one in references if one not in known]
    event.references = " ".join([*known, *added])
    if event is new:
        event.save()
    elif added:
        times = event.data | dict.fromkeys(added, now.isoformat())
        models.QuerySet(EnquiryEvent).filter(pk=event.pk).update(references=event.references, data=times)


def record_each(
    kind: EventType, references: Iterable[str], *, request: HttpRequest | None = None, detail: str = ""
) -> None:
    """Add one event for each enquiry, in one query."""
    EnquiryEvent.objects.bulk_create(_event(kind, reference, request, detail) for reference in references)


def _event(kind: EventType, reference: str, request: HttpRequest | None, detail: str, **more: Any) -> EnquiryEvent:
    user = request.user if request and request.user.is_authenticated else None
    return EnquiryEvent(
        kind=kind,
        reference=reference,
        actor_id=user.pk if user else None,
        actor_name=user.get_username() if user else "",
        ip_address=client_ip(request) if request else None,
        detail=detail[:255],
        **more,
    )
