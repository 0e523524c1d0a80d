"""The list of enquiries: who waits longest comes first; search, filters, and what can be done with several."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Q

from clinic.telephone import digits_of
from contact.models.enquiry import WAITING_FIRST, Enquiry, Status
from contact.reference import as_reference
from contact.waiting import in_words

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

FEWEST_DIGITS_TO_SEARCH = 3


class Listing(admin.ModelAdmin):
    list_display = (
        "reference", "waiting", "status", "topic", "name", "preferred_contact", "assigned_to", "flags",
    )  # fmt: skip
    list_filter = (
        "status",
        "topic",
        ("assigned_to", admin.RelatedOnlyFieldListFilter),
        "preferred_contact",
        "received_at",
    )
    list_select_related = ("assigned_to",)
    list_per_page = 50
    search_fields = ("name", "email", "phone", "reference")
    search_help_text = "Name, phone, e-mail or reference"
    actions = ("assign_to_me", "mark_in_progress", "mark_answered", "mark_closed", "mark_spam")
    actions_on_bottom = True

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return WAITING_FIRST

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = "Enquiries: who has waited longest comes first"
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Enquiry], search_term: str
    ) -> tuple[QuerySet[Enquiry], bool]:
        """Also find a phone number however it was typed, and a reference without its hyphen."""
        found, has_duplicates = super().get_search_results(request, queryset, search_term)
        also = Q()
        digits = digits_of(search_term)
        if len(digits) >= FEWEST_DIGITS_TO_SEARCH and not re.search(r"[^\W\d_]|@", search_term):
            also |= Q(phone_digits__contains=digits)
        if reference := as_reference(search_term):
            also |= Q(reference=reference)
        return (found | queryset.filter(also) if also else found), has_duplicates

    @admin.display(description="Waiting", ordering="received_at")
    def waiting(self, enquiry: Enquiry) -> str:
        time = enquiry.waiting_time()
        if time is None:
            return ""
        return in_words(time) if enquiry.is_waiting else f"answered after {in_words(time)}"

    @admin.display(description="Flags")
    def flags(self, enquiry: Enquiry) -> str:
        told = {"honeypot": enquiry.honeypot_filled, "browser untold": enquiry.headers_missing}
        return ", ".join(flag for flag, is_so in told.items() if is_so)

    @admin.action(description="Assign to me", permissions=["change"])
    def assign_to_me(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._change(request, chosen, "Assigned to oneself.", assigned_to=request.user)

    @admin.action(description="Mark as in progress", permissions=["change"])
    def mark_in_progress(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._mark(request, chosen, Status.IN_PROGRESS)

    @admin.action(description="Mark as answered", permissions=["change"])
    def mark_answered(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._mark(request, chosen, Status.ANSWERED)

    @admin.action(description="Mark as closed", permissions=["change"])
    def mark_closed(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._mark(request, chosen, Status.CLOSED)

    @admin.action(description="Mark as spam", permissions=["change"])
    def mark_spam(self, request: HttpRequest, chosen: QuerySet[Enquiry]) -> None:
        self._mark(request, chosen, Status.SPAM)

    def _mark(self, request: HttpRequest, chosen: QuerySet[Enquiry], status: Status) -> None:
        self._change(request, chosen, f"Marked as {status.label.lower()}.", status=status)

    def _change(self, request: HttpRequest, chosen: QuerySet[Enquiry], what: str, **values: Any) -> None:
        enquiries = list(chosen)
        for enquiry in enquiries:
            for field, value in values.items():
                setattr(enquiry, field, value)
            enquiry.save(update_fields=[*values, "answered_at", "closed_at"])
            self.log_change(request, enquiry, what)
        self.message_user(request, f"{what} {len(enquiries)} changed.", messages.SUCCESS)
