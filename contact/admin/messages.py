"""The outbox, to look at: undelivered mail first, one action, “Try again now”, and sending one e-mail again."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join

from clinic.lib.http import parse_pk
from contact.admin.base import ReadOnlyAdmin
from contact.admin.enquiry_page import back_to, get_enquiry
from contact.mail.outbox import NOTHING_SENT, send_again
from contact.models import Message
from contact.models.event import EventType, record, record_list
from contact.models.message import MessageType
from contact.workflow.timeline import RESENDABLE


def _local(time: datetime, form: str = "F j, P") -> str:
    return date_format(timezone.localtime(time), form)


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", "Waiting"), ("attention", "Needs attention"), ("sent", "Sent")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if self.value() == "attention":
            return queryset.filter(pk__in=Message.objects.needing_attention(timezone.now()).values("pk"))
        is_unsent = {"waiting": True, "sent": False}.get(self.value() or "")
        return queryset if is_unsent is None else queryset.filter(sent_at__isnull=is_unsent)


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    heading = "Outgoing mail"
    list_display = ("enquiry", "kind", "recipient", "state", "attempts", "what_went_wrong")
    list_filter = (StateFilter, "kind")
    list_select_related = ("enquiry",)
    search_fields = ("enquiry__reference", "recipient")
    search_help_text = "Reference or e-mail address"
    ordering = (F("sent_at").desc(nulls_first=True), "created_at", "pk")
    actions = ("try_again_now",)
    fields = ("enquiry", "kind", "recipient", "message_id", "created_at", "state", "what_went_wrong", "attempts_made")
    readonly_fields = fields

    @admin.display(description="State")
    def state(self, message: Message) -> str:
        if message.bounced_at:
            return f"Came back {_local(message.bounced_at)}"
        if message.sent_at:
            return f"Sent {_local(message.sent_at)}"
        if message.is_refused:
            return "Refused, and not tried again"
        next_try = _local(message.not_before)
        return f"Needs attention; next try {next_try}" if message.needs_attention else f"Next try {next_try}"

    @admin.display(description="What went wrong")
    def what_went_wrong(self, message: Message) -> str:
        """Return what the patient's mail server said when it came back, or ours when it did not go out."""
        return message.bounce_reason or message.last_error

    @admin.display(description="Attempts")
    def attempts_made(self, message: Message) -> str:
        lines = (
            (_local(attempt.started_at, "F j, H:i:s"), attempt.get_outcome_display(), attempt.reply)
            for attempt in message.delivery_attempts.all()
        )
        return format_html_join("", "<div>{}: {} {}</div>", lines) or "None yet"

    @admin.action(description="Try again now", permissions=["change"])
    def try_again_now(self, request: HttpRequest, selected: QuerySet[Message]) -> None:
        unsent = Message.objects.unsent().filter(pk__in=selected.values("pk"))
        count = unsent.update(not_before=timezone.now(), is_refused=False)
        mails = "1 e-mail" if count == 1 else f"{count} e-mails"
        self.message_user(request, f"The worker will try {mails} again within seconds.", messages.SUCCESS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Leave out what strangers typed as the address of an account."""
        return super().get_queryset(request).exclude(kind=MessageType.PASSWORD_RESET, last_error=NOTHING_SENT)

    def record_shown(self, request: HttpRequest, shown: ChangeList) -> None:
        enquiries = [mail.enquiry for mail in shown.result_list]
        if references := [one.reference for one in enquiries if one and not one.is_canary]:
            record_list(request, dict.fromkeys(references), "Outgoing mail")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        message = context["original"]
        if message.enquiry and not message.enquiry.is_canary:
            record(EventType.SEEN, message.enquiry.reference, request=request, detail="One of its e-mails")
        was_tried = message.kind in RESENDABLE and bool(message.sent_at or message.attempts)
        may_resend = was_tried and request.user.has_perm("contact.change_message")
        context |= {"title": "Outgoing e-mail", "message": message, "may_resend": may_resend}
        return super().render_change_form(request, context, *args, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        """No e-mail is changed by hand; those in the list may be tried again."""
        return obj is None and request.user.has_perm("contact.change_message")


def resend_view(model_admin: ModelAdmin, request: HttpRequest, object_id: str, message_pk: int) -> HttpResponse:
    enquiry = get_enquiry(model_admin, request, object_id)
    message = get_object_or_404(enquiry.messages.filter(kind__in=RESENDABLE), pk=message_pk)
    attempts = parse_pk(request.POST.get("attempts", ""))
    is_new = send_again(message, request, attempts=-1 if attempts is None else attempts)
    text = "It will be sent again within a minute." if is_new else "It is already being sent."
    if message.kind == MessageType.REPLY and enquiry.is_waiting:
        text = f"{text} If that settles it, mark the enquiry as answered."
    messages.success(request, text)
    return back_to(enquiry, request)
