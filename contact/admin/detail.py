"""One enquiry: the patient's words, which nobody can change, and our answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.utils.html import format_html

from clinic.telephone import phone_address
from contact.admin.answer import AnswerForm
from contact.admin.messages import ShowsDelivery
from contact.models import Enquiry, Message

if TYPE_CHECKING:
    from typing import Any

    from django import forms
    from django.db.models import ForeignKey, QuerySet
    from django.http import HttpRequest

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


class Detail(admin.ModelAdmin):
    form = AnswerForm
    inlines = (MessageInline,)
    fieldsets = (
        ("What the patient wrote", {"fields": PATIENTS_WORDS}),
        ("Our answer", {"fields": AnswerForm.Meta.fields}),
        ("How it came", {"fields": ("reference", "received_at", "waiting", "answered_at", "flags")}),
    )
    readonly_fields = (*PATIENTS_WORDS, "reference", "received_at", "waiting", "answered_at", "flags")

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
