"""Bulk actions. Each enquiry is changed, and the change recorded, one by one.

The list says which revision of each enquiry it showed: what was changed since then is left alone and named. Whoever
selects all pages decides about the enquiries on the other pages as they are now.
"""

import re
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.admin.site import repeat_page
from clinic.lib.http import parse_pk
from contact.admin.base import LIST_FILTERS, FixedAdmin
from contact.admin.filters import chosen_queue
from contact.models import Enquiry
from contact.models.enquiry import Status
from contact.workflow.updates import NOT_SPAM, colleagues, not_spam, undo, update_enquiry

Decisions = Callable[[Enquiry], Mapping[str, Any]]
Reason = Callable[[Enquiry], str]

MOST_AT_ONCE = 500
QUESTIONS = {
    "mark_answered": "Mark these as answered?",
    "mark_closed": "Close these?",
    "mark_spam": "Mark these as spam?",
}
NOT_UNDONE = "Not undone, because it was changed since or an hour has passed: {}."
NOTHING_CHANGED = "Nothing was changed: they were already set that way, or have been deleted."
CHANGED_MEANWHILE = "was changed since you opened the list"


def _on_hold(enquiry: Enquiry) -> str:
    return "is on legal hold" if enquiry.legal_hold else ""


def _on_hold_or_flagged(enquiry: Enquiry) -> str:
    return "has a warning sign" if enquiry.red_flags else _on_hold(enquiry)


def _is_all_pages(request: HttpRequest) -> bool:
    """Return whether the person selected the whole list, and not only what its page shows."""
    return request.POST.get("select_across") == "1"


def _to(status: Status) -> Decisions:
    return lambda _enquiry: {"status": status}


def _action(description: str, done: str, decisions: Decisions, reason_not_to: Reason = lambda _enquiry: "") -> Any:
    """Return the action that takes these decisions about the selected enquiries."""

    @admin.action(description=description, permissions=["change"])
    def decide(self: "BulkActions", request: HttpRequest, selected: QuerySet[Enquiry]) -> None:
        self.change(request, selected, done, decisions, reason_not_to)

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

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Enquiry], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Ask first where patients are taken off the list."""
        question = QUESTIONS.get(request.POST.get("action", ""))
        count = queryset.count() if _is_all_pages(request) else len(request.POST.getlist(ACTION_CHECKBOX_NAME))
        if question and count and "confirmed" not in request.POST:
            queue = chosen_queue(request)
            leaves = f"“{queue.label}”" if queue.slug == "suspected" else "the waiting list"
            return repeat_page(request, {"title": question, "count": count, "leaves": leaves})
        return super().response_action(request, queryset, *args, **kwargs)

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

    mark_in_progress = _action("Back to waiting", "waiting again", _to(Status.IN_PROGRESS))
    mark_answered = _action("Answered", "marked as answered", _to(Status.ANSWERED))
    mark_closed = _action("Close", "closed", _to(Status.CLOSED), _on_hold)
    mark_spam = _action("Spam", "marked as spam", _to(Status.SPAM), _on_hold_or_flagged)
    mark_not_spam = _action("Not spam", NOT_SPAM, not_spam)

    def change(
        self,
        request: HttpRequest,
        selected: QuerySet[Enquiry],
        done: str,
        decisions: Decisions,
        reason_not_to: Reason = lambda _enquiry: "",
    ) -> None:
        """`reason_not_to`: why an enquiry has to be opened first, or ""."""
        if not _is_all_pages(request):
            # With those that have left the list meanwhile.
            selected = Enquiry.objects.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        if selected.count() > MOST_AT_ONCE:
            self.message_user(request, f"Select at most {MOST_AT_ONCE} at a time. Nothing was changed.", messages.ERROR)
            return
        # The revisions that the list showed, such as `7:0 9:2`.
        shown = re.findall(r"\b(\d{1,18}):(\d{1,9})\b", request.POST.get("revisions", ""))
        seen, left, changed, batch = {int(pk): int(revision) for pk, revision in shown}, {}, 0, token_hex(8)
        with transaction.atomic():
            # In one order, so that two people's actions do not wait for each other.
            for enquiry in selected.order_by("pk").select_for_update(of=("self",)):
                wanted, reason = decisions(enquiry), reason_not_to(enquiry)
                is_stale = seen.get(enquiry.pk, enquiry.revision) != enquiry.revision
                if is_stale and any(getattr(enquiry, name) != value for name, value in wanted.items()):
                    reason = reason or CHANGED_MEANWHILE
                if reason:
                    left[enquiry] = reason
                elif summary := update_enquiry(enquiry, request, batch=batch, **wanted):
                    self.log_change(request, enquiry, summary)
                    changed += 1
        if changed:
            self.message_user(request, self.with_undo(request, f"{changed} {done}.", batch), messages.SUCCESS)
        elif not left:
            self.message_user(request, NOTHING_CHANGED, messages.INFO)
        for enquiry, reason in left.items():
            self.message_user(request, f"{enquiry} {reason}: open it and decide there.", messages.WARNING)
