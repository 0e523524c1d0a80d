"""Change an enquiry at the desk: the one way for the list, the detail page and what is done with many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F

from contact.intake.submission import make_held_messages
from contact.models import Enquiry
from contact.models.activity import Kind, record
from contact.models.enquiry import Status

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet
    from django.http import HttpRequest

# What staff decide. The patient's words are not among them: nobody changes those.
DECISIONS = ("status", "assigned_to", "legal_hold")


class StaleError(Exception):
    """Somebody else changed the enquiry since this person opened it; `current` is how it stands now."""

    def __init__(self, current: Enquiry) -> None:
        super().__init__(current.reference)
        self.current = current


@transaction.atomic
def change(enquiry: Enquiry, request: HttpRequest | None, *, seen: int | None = None, **decisions: Any) -> str:
    """Save these of `DECISIONS`, one revision on, and record them; return what changed, in words, or "" if nothing.

    `seen` is the revision that the person had before them: raises `StaleError`, and changes nothing, when it is
    no longer the last. Without a request it is the site's own doing.
    """
    if unknown := set(decisions) - set(DECISIONS):
        raise ValueError(f"Not to be decided at the desk: {', '.join(sorted(unknown))}.")
    rows = Enquiry.everything.filter(pk=enquiry.pk)
    # First of all, as it takes the row's lock: who comes at the same moment waits here, and is then too late.
    if not (rows if seen is None else rows.filter(revision=seen)).update(revision=F("revision") + 1):
        raise StaleError(rows.get())
    enquiry.refresh_from_db()
    before, was_spam = _in_words(enquiry), enquiry.status in {Status.SUSPECTED_SPAM, Status.SPAM}
    for name, value in decisions.items():
        setattr(enquiry, name, value)
    after = _in_words(enquiry)
    changed = "; ".join(f"{name}: {before[name]} → {after[name]}" for name in before if before[name] != after[name])
    if not changed:
        rows.update(revision=F("revision") - 1)
        enquiry.revision -= 1
        return ""
    enquiry.save(update_fields=[*decisions, "answered_at", "closed_at"])
    record(Kind.CHANGED, enquiry.reference, request=request, detail=changed)
    if was_spam and enquiry.is_waiting:
        make_held_messages(enquiry)
    return changed


def colleagues() -> QuerySet[User]:
    """Return everybody who may answer enquiries."""
    people = get_user_model().objects.with_perm(
        "contact.view_enquiry", backend="django.contrib.auth.backends.ModelBackend"
    )
    return people.order_by("username")


def _in_words(enquiry: Enquiry) -> dict[str, str]:
    return {
        "status": enquiry.get_status_display(),
        "assigned to": enquiry.assigned_to.get_username() if enquiry.assigned_to else "nobody",
        "legal hold": "yes" if enquiry.legal_hold else "no",
    }
