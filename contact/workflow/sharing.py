"""Ask a colleague: a physiotherapist reads one enquiry for some days, and may write notes.

The page is in the Wagtail admin, as physiotherapists have no access to the desk: a mail and their dashboard lead to it.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from contact.mail.smtp import wrap
from contact.models import Enquiry, Share
from contact.models.entry import EntryType
from contact.models.event import EventType, record
from contact.models.settings import staff_address
from contact.workflow.roles import PHYSIOTHERAPISTS
from contact.workflow.timeline import author_of, timeline_of, write_note
from contact.workflow.updates import display_name, update_enquiry

ADDRESS = "shared_enquiry"
DAYS = (3, 7, 14)


def physiotherapists() -> QuerySet[User]:
    """Return those who can sign in."""
    present = get_user_model().objects.filter(is_active=True, groups__name=PHYSIOTHERAPISTS)
    return present.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("username")


def current_shares() -> QuerySet[Share]:
    """Return those that have not run out, with physiotherapists who still work here."""
    current = Share.objects.current().filter(user__in=physiotherapists())
    return current.select_related("enquiry", "user", "by").order_by("until")


@transaction.atomic
def share(enquiry: Enquiry, request: HttpRequest, colleague: User, days: int, question: str = "") -> str:
    """Share for so many days from today, or until then if it is shared already; return with whom and until when.

    The colleague gets a mail with the reference and a link, but not again for a second click; the question becomes a
    note.
    """
    until, name = timezone.localdate() + timedelta(days), display_name(colleague)
    shared = f"with {name} until {until:%b %-d}"
    is_noted = bool(question) and write_note(enquiry, request, f"For {name}: {question}")
    is_same = Share.objects.filter(enquiry=enquiry, user=colleague, until=until).exists()
    if is_same and not is_noted:
        return shared
    Share.objects.update_or_create(enquiry=enquiry, user=colleague, defaults={"by": author_of(request), "until": until})
    record(EventType.SHARED, enquiry.reference, request=request, detail=shared)
    url = settings.SITE_URL + reverse(ADDRESS, args=[enquiry.reference])
    body = render_to_string("contact/mail/shared.txt", {"url": url, "until": until})
    send_mail(f"A colleague asks you: enquiry {enquiry.reference}", wrap(body), None, [colleague.email])
    return shared


def end_share(ended: Share, request: HttpRequest) -> None:
    ended.delete()
    record(EventType.UNSHARED, ended.enquiry.reference, request=request, detail=f"with {display_name(ended.user)}")


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Your note",
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text="Reception will see it. The patient may ask to see it, so include only what is needed.",
    )


class SharedEnquiryView(WagtailAdminTemplateMixin, FormView):
    """The patient's message and the notes, calls and replies, without addresses and numbers; and a form for a note."""

    form_class = NoteForm
    template_name = "contact/shared.html"
    page_title = "Shared enquiry"
    header_icon = "mail"
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]

    def dispatch(self, request: HttpRequest, *args: Any, reference: str) -> HttpResponseBase:
        found = current_shares().filter(user=request.user.pk, enquiry__reference=reference).first()
        if found is None:
            return self.render_to_response(super().get_context_data(is_over=True), status=404)
        self.share = found
        return super().dispatch(request, *args)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record(EventType.SEEN, self.share.enquiry.reference, request=self.request, detail="Shared")
        thread = [item for item in timeline_of(self.share.enquiry).items if item.kind in EntryType.values]
        about = {"share": self.share, "enquiry": self.share.enquiry, "thread": thread}
        return super().get_context_data(**kwargs, **about)

    def form_valid(self, form: NoteForm) -> HttpResponse:
        enquiry, name = self.share.enquiry, display_name(self.request.user)
        with transaction.atomic():
            write_note(enquiry, self.request, form.cleaned_data["text"])
            if enquiry.is_waiting and not enquiry.follow_up_at and not enquiry.waiting_for_patient:
                # The desk lists it first, with the reason.
                reason = f"{name} wrote a note"[:80]
                update_enquiry(enquiry, self.request, follow_up_at=timezone.now(), follow_up_reason=reason)
            url = settings.SITE_URL + reverse("admin:contact_enquiry_change", args=[enquiry.pk])
            body = render_to_string("contact/mail/shared_note.txt", {"name": name, "url": url})
            asked_by = (self.share.by and self.share.by.email) or staff_address()
            send_mail(f"Note on enquiry {enquiry.reference}", wrap(body), None, [asked_by])
        messages.success(self.request, "Your note was saved, and an e-mail tells reception.")
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return self.request.path
