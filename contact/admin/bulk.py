"""What can be done with several enquiries at once. Each is changed, and put on record, one by one.

Each tick says which revision stood in the list: what was changed since then is left alone and named. Whoever chooses
all on every page decides about those on the other pages as they are by now: that person has seen none of them, and what
nobody looked at cannot have changed before their eyes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction

from clinic.lib.ids import parse_pk
from contact.admin.ticks import TickedByNumber, revisions
from contact.intake.submission import FIRST_KINDS
from contact.models import Enquiry
from contact.models.enquiry import Status
from contact.workflow.updates import SPAM, StaleError, colleagues, status_before_spam, update_enquiry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

    Refusal = Callable[[Enquiry], str]

MOST_AT_ONCE = 500
NOTHING = "Nothing was changed: it is so already."
OVERTAKEN = "Changed since you opened the list, and left alone: {}. Look first, then decide."


def never_refused(_enquiry: Enquiry) -> str:
    return ""


def _on_hold(enquiry: Enquiry) -> str:
    return "is on legal hold" if enquiry.legal_hold else ""


def _on_hold_or_urgent(enquiry: Enquiry) -> str:
    return "has a warning sign" if enquiry.red_flags else _on_hold(enquiry)


class BulkActions(TickedByNumber):
    actions = (
        "assign_to_me", "assign", "mark_in_progress", "mark_answered", "mark_closed", "mark_spam", "mark_not_spam",
    )  # fmt: skip

    @admin.action(description="Assign to me", permissions=["change"])
    def assign_to_me(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._decide(request, chosen, "yours now", assigned_to=request.user)

    @admin.action(description="Assign", permissions=["change"])
    def assign(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        """To the colleague who is chosen beside the button."""
        wanted = parse_pk(request.POST.get("colleague", ""))
        colleague = None if wanted is None else colleagues().filter(pk=wanted).first()
        if colleague is None:
            self.message_user(request, "Choose a colleague first. Nothing was changed.", messages.WARNING)
            return
        self._decide(request, chosen, f"assigned to {colleague}", assigned_to=colleague)

    @admin.action(description="Waits again", permissions=["change"])
    def mark_in_progress(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._decide(request, chosen, "waiting again", status=Status.IN_PROGRESS)

    @admin.action(description="Answered", permissions=["change"])
    def mark_answered(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._decide(request, chosen, "answered", status=Status.ANSWERED)

    @admin.action(description="Close", permissions=["change"])
    def mark_closed(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._decide(request, chosen, "closed", _on_hold, status=Status.CLOSED)

    @admin.action(description="Spam", permissions=["change"])
    def mark_spam(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._decide(request, chosen, "spam", _on_hold_or_urgent, status=Status.SPAM)

    @admin.action(description="Not spam", permissions=["change"])
    def mark_not_spam(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        """Each is what it was before it became spam; mail goes out for those alone about which nobody was told yet."""
        suspects = chosen.filter(status__in=SPAM)
        held = set(suspects.exclude(messages__kind__in=FIRST_KINDS).values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        changed = self._decide_each(
            request, suspects, "no longer spam", lambda enquiry: {"status": status_before_spam(enquiry)}
        )
        if told := sum(enquiry.is_waiting and enquiry.pk in held for enquiry in changed):
            self.message_user(request, f"The mail that was held back for {told} of them goes out now.", messages.INFO)

    def _decide(
        self,
        request: HttpRequest,
        chosen: QuerySet[Enquiry],
        done: str,
        refusal: Refusal = never_refused,
        **decisions: Any,
    ) -> None:
        self._decide_each(request, chosen, done, lambda _enquiry: decisions, refusal)

    def _decide_each(
        self,
        request: HttpRequest,
        chosen: QuerySet[Enquiry],
        done: str,
        decisions_about: Callable[[Enquiry], dict[str, Any]],
        refusal: Refusal = never_refused,
    ) -> list[Enquiry]:
        """Decide about each and return those that were changed; `refusal`: why one has to be opened, or nothing."""
        enquiries = list(chosen[: MOST_AT_ONCE + 1])
        if len(enquiries) > MOST_AT_ONCE:
            text = f"At most {MOST_AT_ONCE} at once. Nothing was changed."
            self.message_user(request, text, messages.ERROR)
            return []
        refused = {enquiry.reference: why for enquiry in enquiries if (why := refusal(enquiry))}
        seen = revisions(request.POST)
        changed: list[Enquiry] = []
        overtaken = _gone_from_the_list(seen, enquiries)
        with transaction.atomic():
            for enquiry in enquiries:
                if enquiry.reference in refused:
                    continue
                decisions = decisions_about(enquiry)
                try:
                    said = update_enquiry(enquiry, request, seen=seen.get(enquiry.pk), **decisions)
                except StaleError as stale:
                    overtaken += [] if _is_so(stale.current, decisions) else [enquiry.reference]
                except Enquiry.DoesNotExist:
                    overtaken.append(enquiry.reference)
                else:
                    if said:
                        self.log_change(request, enquiry, said)
                        changed.append(enquiry)
        self._say(request, f"{len(changed)} {done}." if changed else "", refused, overtaken)
        return changed

    def _say(self, request: HttpRequest, done: str, refused: Mapping[str, str], overtaken: Sequence[str]) -> None:
        if done:
            self.message_user(request, done, messages.SUCCESS)
        elif not refused and not overtaken:
            self.message_user(request, NOTHING, messages.INFO)
        if overtaken:
            self.message_user(request, OVERTAKEN.format(", ".join(overtaken)), messages.WARNING)
        for reference, why in refused.items():
            text = f"{reference} {why}: open it and decide there."
            self.message_user(request, text, messages.WARNING)


def _is_so(enquiry: Enquiry, decisions: Mapping[str, Any]) -> bool:
    return all(getattr(enquiry, name) == value for name, value in decisions.items())


def _gone_from_the_list(seen: Mapping[int, int | None], still_there: Iterable[Enquiry]) -> list[str]:
    """Return those that were ticked and have left the list since, as somebody changed them."""
    missing = set(seen) - {enquiry.pk for enquiry in still_there}
    left = Enquiry.objects.filter(pk__in=missing).only("reference", "revision") if missing else ()
    return [enquiry.reference for enquiry in left if seen[enquiry.pk] not in (None, enquiry.revision)]
