"""Enquiries as staff see them: who waits longest comes first; what the patient wrote cannot be changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.html import format_html

from clinic.telephone import digits_of, phone_address
from contact.admin.answer import AnswerForm
from contact.admin.messages import ShowsDelivery
from contact.models import Enquiry, Message
from contact.models.enquiry import WAITING_FIRST, Status
from contact.reference import as_reference
from contact.waiting import in_words

if TYPE_CHECKING:
    from django import forms
    from django.db.models import ForeignKey, QuerySet
    from django.http import HttpRequest, HttpResponse

FEWEST_DIGITS_TO_SEARCH = 3
PATIENTS_WORDS = (
    "name", "phone_link", "email_link", "preferred_contact", "best_time", "voicemail_ok", "topic",
    "about_title", "message",
)  # fmt: skip


class MessageInline(ShowsDelivery, admin.TabularInline):
    model = Message
    verbose_name_plural = "mail sent about this enquiry"
    fields = ("kind", "recipient", "state", "attempts_made")
    readonly_fields = fields
    can_delete = False
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).select_related("enquiry").prefetch_related("delivery_attempts")

    def has_add_permission(self, request: HttpRequest, obj: Enquiry | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False


@admin.register(Enquiry)
class EnquiryAdmin(admin.ModelAdmin):
    form = AnswerForm
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
    inlines = (MessageInline,)
    fieldsets = (
        ("What the patient wrote", {"fields": PATIENTS_WORDS}),
        ("Our answer", {"fields": AnswerForm.Meta.fields}),
        ("How it came", {"fields": ("reference", "received_at", "waiting", "answered_at", "flags")}),
    )
    readonly_fields = (*PATIENTS_WORDS, "reference", "received_at", "waiting", "answered_at", "flags")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Enquiry | None = None) -> bool:
        return False

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

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "assigned_to":
            kwargs["queryset"] = (
                get_user_model()
                .objects.with_perm("contact.view_enquiry", backend="django.contrib.auth.backends.ModelBackend")
                .order_by("username")
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Enquiry, form: forms.ModelForm, change: bool) -> None:
        # Only what this person changed: whatever else changed in the meantime stays.
        obj.save(update_fields=[*form.changed_data, "answered_at", "closed_at"])

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

    @admin.display(description="Phone")
    def phone_link(self, enquiry: Enquiry) -> str:
        if not enquiry.phone:
            return ""
        return format_html('<a href="{}">{}</a>', phone_address(enquiry.phone), enquiry.phone)

    @admin.display(description="E-mail")
    def email_link(self, enquiry: Enquiry) -> str:
        if not enquiry.email:
            return ""
        subject = f"Your enquiry {enquiry.reference}"
        return format_html('<a href="mailto:{}?subject={}">{}</a>', enquiry.email, subject, enquiry.email)

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
