"""Bulk actions. Each enquiry is changed, and the change recorded, one by one.

The list says which revision of each enquiry it showed: what was changed since then is left alone and named. Whoever
selects all pages decides about the enquiries on the other pages as they are now.
"""

from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.admin.site import repeat_page
from clinic.lib.http import parse_pk
from contact.admin.base import LIST_FILTERS, FixedAdmin
from contact.admin.filters import chosen_queue
from contact.intake.submission import FIRST_KINDS
from contact.models import Enquiry
from contact.models.enquiry import Status
from contact.workflow.updates import RELEASE, SPAM, colleagues, status_before_spam, undo, update_enquiry

Reason = Callable[[Enquiry], str]

MOST_AT_ONCE = 500
QUESTIONS = {
    "mark_answered": "Mark these as answered?",
    "mark_closed": "Close these?",
    "mark_spam": "Mark these as spam?",
}
NOT_UNDONE = "Not undone, because it was changed since or an hour has passed: {}."
NOTHING_CHANGED = "Nothing was changed: they were already set that way."
CHANGED_MEANWHILE = "was changed since you opened the list"


def _on_hold(enquiry: Enquiry) -> str:
    return "is on legal hold" if enquiry.legal_hold else ""


def _on_hold_or_flagged(enquiry: Enquiry) -> str:
    return "has a warning sign" if enquiry.red_flags else _on_hold(enquiry)


def _not_spam(enquiry: Enquiry) -> Mapping[str, Any]:
    return {"status": status_before_spam(enquiry)} if enquiry.status in SPAM else {RELEASE: False}


def _decide(description: str, done: str, status: Status, reason_not_to: Reason = lambda _enquiry: "") -> Any:
    """Return the action that gives the selected enquiries this status."""

    @admin.action(description=description, permissions=["change"])
    def decide(self: "BulkActions", request: HttpRequest, selected: QuerySet[Enquiry]) -> None:
        self.change(request, selected, done, lambda _enquiry: {"status": status}, reason_not_to)

    return decide


class BulkActions(FixedAdmin):
    actions = (
        "assign_to_me", "assign", "mark_in_progress", "mark_answered", "mark_closed", "mark_spam", "mark_not_spam",
    )  # fmt: skip

    def action_checkbox(self, enquiry: Enquiry) -> SafeString:
        """Return Django's own box, but named after the enquiry, and without a template for each row."""
        box = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="Select {}">'
        return format_html(box, ACTION_CHECKBOX_NAME, enquiry.pk, enquiry.reference)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return those that make sense in the queue."""
        allowed = super().get_actions(request)
        return {name: allowed[name] for name in chosen_queue(request).actions if name in allowed}

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Ask first where patients are taken off the list."""
        question = QUESTIONS.get(request.POST.get("action", ""))
        count = len(request.POST.getlist(ACTION_CHECKBOX_NAME))
        if question and count and "confirmed" not in request.POST:
            queue = chosen_queue(request)
            leaves = f"“{queue.label}”" if queue.slug == "suspected" else "the waiting list"
            return repeat_page(request, {"title": question, "count": count, "leaves": leaves})
        return super().response_action(request, *args, **kwargs)

    def with_undo(self, request: HttpRequest, done: str, batch: str) -> SafeString:
        """Return a message with a button that undoes what this person did in the batch, for an hour."""
        address = reverse("admin:contact_enquiry_undo", args=[batch])
        context = {"done": done, "address": f"{address}?{self.get_preserved_filters(request)}"}
        return render_to_string("admin/contact/undo.html", context, request)

    def undo_view(self, request: HttpRequest, batch: str) -> HttpResponse:
        undone, changed = undo(batch, request)
        if undone:
            self.message_user(request, f"Undone: {undone}.", messages.SUCCESS)
        if changed or not undone:
            self.message_user(request, NOT_UNDONE.format(changed), messages.WARNING)
        return HttpResponseRedirect(
            f"{reverse('admin:contact_enquiry_changelist')}?{request.GET.get(LIST_FILTERS, '')}"
        )

    @admin.action(description="Assign to me", permissions=["change"])
    def assign_to_me(self, request: HttpRequest, selected: QuerySet[Enquiry]) -> None:
        self.change(request, selected, "assigned to you", lambda _enquiry: {"assigned_to": request.user})

    @admin.action(description="Assign", permissions=["change"])
    def assign(self, request: HttpRequest, selected: QuerySet[Enquiry]) -> None:
        """Assign to the colleague selected beside the button."""
        pk = parse_pk(request.POST.get("colleague", ""))
        colleague = None if pk is None else colleagues().filter(pk=pk).first()
        if colleague is None:
            self.message_user(request, "Choose a colleague first. Nothing was changed.", messages.WARNING)
            return
        self.change(request, selected, f"assigned to {colleague}", lambda _enquiry: {"assigned_to": colleague})

    mark_in_progress = _decide("Back to waiting", "waiting again", Status.IN_PROGRESS)
    mark_answered = _decide("Answered", "marked as answered", Status.ANSWERED)
    mark_closed = _decide("Close", "closed", Status.CLOSED, _on_hold)
    mark_spam = _decide("Spam", "marked as spam", Status.SPAM, _on_hold_or_flagged)

    @admin.action(description="Not spam", permissions=["change"])
    def mark_not_spam(self, request: HttpRequest, selected: QuerySet[Enquiry]) -> None:
        """Put each back to its status before it became spam, and send the mail that was held back."""
        suspects = selected.filter(Q(status__in=SPAM) | Q(is_receipt_held=True))
        is_held = ~Q(messages__kind__in=FIRST_KINDS) | Q(is_receipt_held=True, email__gt="")
        held = set(suspects.filter(is_held).values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        changed = self.change(request, suspects, "not spam", _not_spam)
        if count := sum(enquiry.is_waiting and enquiry.pk in held for enquiry in changed):
            self.message_user(request, f"Mail that was held back is going out now for {count} of them.", messages.INFO)

    def change(
        self,
        request: HttpRequest,
        selected: QuerySet[Enquiry],
        done: str,
        decisions: Callable[[Enquiry], Mapping[str, Any]],
        reason_not_to: Reason = lambda _enquiry: "",
    ) -> list[Enquiry]:
        """Return the enquiries that were changed. `reason_not_to`: why one has to be opened first, or ""."""
        if request.POST.get("select_across") != "1":
            # With those that have left the list meanwhile.
            selected = Enquiry.objects.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        if selected.count() > MOST_AT_ONCE:
            self.message_user(request, f"Select at most {MOST_AT_ONCE} at a time. Nothing was changed.", messages.ERROR)
            return []
        seen, left, changed, batch = _revisions_shown(request), {}, [], token_hex(8)
        with transaction.atomic():
            for enquiry in selected.select_for_update(of=("self",)):
                wanted, reason = decisions(enquiry), reason_not_to(enquiry)
                is_stale = seen.get(enquiry.pk, enquiry.revision) != enquiry.revision
                if is_stale and any(getattr(enquiry, name) != value for name, value in wanted.items()):
                    reason = reason or CHANGED_MEANWHILE
                if reason:
                    left[enquiry] = reason
                elif summary := update_enquiry(enquiry, request, batch=batch, **wanted):
                    self.log_change(request, enquiry, summary)
                    changed.append(enquiry)
        if changed:
            self.message_user(request, self.with_undo(request, f"{len(changed)} {done}.", batch), messages.SUCCESS)
        elif not left:
            self.message_user(request, NOTHING_CHANGED, messages.INFO)
        for enquiry, reason in left.items():
            self.message_user(request, f"{enquiry} {reason}: open it and decide there.", messages.WARNING)
        return changed


def _revisions_shown(request: HttpRequest) -> dict[int, int]:
    """Return the revision that the list showed, by primary key, from a hidden field such as `7:0 9:2`."""
    pairs = (pair.split(":") for pair in request.POST.get("revisions", "").split() if pair.count(":") == 1)
    numbers = ((parse_pk(pk), parse_pk(revision)) for pk, revision in pairs)
    return {pk: revision for pk, revision in numbers if pk is not None and revision is not None}
