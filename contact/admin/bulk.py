"""What can be done with several enquiries at once. Each is changed, and put on record, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction

from contact.desk import change, colleagues
from contact.models.enquiry import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from contact.models import Enquiry

MOST_AT_ONCE = 500
NOTHING = "Nothing was changed: it is so already, or a colleague was quicker."


def _on_hold(enquiry: Enquiry) -> str:
    return "is on legal hold" if enquiry.legal_hold else ""


def _on_hold_or_urgent(enquiry: Enquiry) -> str:
    return "has a warning sign" if enquiry.red_flags else _on_hold(enquiry)


class BulkActions(admin.ModelAdmin):
    actions = (
        "assign_to_me", "assign", "mark_in_progress", "mark_answered", "mark_closed", "mark_spam", "mark_not_spam",
    )  # fmt: skip

    @admin.action(description="Assign to me", permissions=["change"])
    def assign_to_me(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._decide(request, chosen, "yours now", assigned_to=request.user)

    @admin.action(description="Assign", permissions=["change"])
    def assign(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        """To the colleague who is chosen beside the button."""
        wanted = request.POST.get("colleague", "")
        colleague = colleagues().filter(pk=wanted).first() if wanted.isdecimal() else None
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
        suspects = chosen.filter(status__in=(Status.SUSPECTED_SPAM, Status.SPAM))
        self._decide(request, suspects, "waiting, and its mail goes out now", status=Status.NEW)

    def _decide(
        self,
        request: HttpRequest,
        chosen: QuerySet[Enquiry],
        done: str,
        refusal: Callable[[Enquiry], str] = lambda _enquiry: "",
        **decisions: Any,
    ) -> None:
        """Decide the same about each; `refusal` says why one has to be opened by itself, or nothing."""
        enquiries = list(chosen[: MOST_AT_ONCE + 1])
        if len(enquiries) > MOST_AT_ONCE:
            text = f"At most {MOST_AT_ONCE} at once. Nothing was changed."
            self.message_user(request, text, messages.ERROR)
            return
        refused = {enquiry.reference: why for enquiry in enquiries if (why := refusal(enquiry))}
        changed = 0
        with transaction.atomic():
            for enquiry in enquiries:
                if enquiry.reference not in refused and (said := change(enquiry, request, **decisions)):
                    self.log_change(request, enquiry, said)
                    changed += 1
        if changed:
            self.message_user(request, f"{changed} {done}.", messages.SUCCESS)
        elif not refused:
            self.message_user(request, NOTHING, messages.INFO)
        for reference, why in refused.items():
            text = f"{reference} {why}: open it and decide there."
            self.message_user(request, text, messages.WARNING)
