"""One enquiry: what the patient wrote, which cannot be changed, beside the timeline and the decisions."""

from copy import copy
from http import HTTPStatus
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from clinic.lib.http import parse_pk
from contact.admin.base import LIST_FILTERS, contact_options, list_query, render_page
from contact.admin.enquiry_list import EnquiryListAdmin
from contact.admin.filters import chosen_queue
from contact.admin.forms import EnquiryForm
from contact.form.forms import EnquiryForm as PublicForm
from contact.intake.promise import reply_policy
from contact.intake.submission import FIRST_KINDS
from contact.models import DeskSettings, Enquiry, ReplyText
from contact.models.enquiry import SOON, UNDECIDED, Status
from contact.models.event import EventType, record
from contact.workflow.overview import same_person
from contact.workflow.sharing import current_shares
from contact.workflow.timeline import Timeline, timeline_of, viewers_of
from contact.workflow.updates import NOT_SPAM, URGENCY, StaleError, follow_up_in_words, not_spam, update_enquiry
from contact.workflow.waiting import follow_up_times, waited, when

# The answers that the page lays out by hand; those to further questions follow below the message.
LAID_OUT = {"name", "email", "phone", "preferred_contact", "best_time", "voicemail_ok", "topic", "message"}
# Where people type: a note, a call, the reason for a legal hold, and a reply.
TYPED = ("note_text", "call_text", "hold_reason", "text")


def get_enquiry(model_admin: ModelAdmin, request: HttpRequest, object_id: str) -> Enquiry:
    """Return the enquiry; raises `Http404` when it is gone."""
    enquiry = model_admin.get_object(request, unquote(object_id))
    if enquiry is None:
        raise Http404
    return enquiry


def back_to(enquiry: Enquiry, request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:contact_enquiry_change", args=[enquiry.pk]) + list_query(request))


def deleted_meanwhile(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Show again what was typed for an enquiry that was erased in the meantime; it is not stored.

    Raises `Http404` where nothing was typed.
    """
    text = "\n\n".join(typed for name in TYPED if (typed := request.POST.get(name, "").strip()))
    if not text:
        raise Http404
    context = {"title": "This enquiry was deleted", "text": text}
    return render_page(model_admin, request, "enquiry/deleted.html", context, HTTPStatus.GONE)


class EnquiryPageAdmin(EnquiryListAdmin):
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return self._change_view(request, object_id)
        except (Http404, Enquiry.DoesNotExist):
            return deleted_meanwhile(self, request)

    def _change_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        is_posted = request.method == "POST"
        if not (self.has_change_permission(request) if is_posted else self.has_view_permission(request)):
            raise PermissionDenied
        enquiry = get_enquiry(self, request, object_id)
        form = self._form(request, enquiry)
        while is_posted and form.is_valid():
            try:
                with transaction.atomic():
                    done = form.apply(request)
            except StaleError:
                # A colleague saved between the check and the saving: checked again, the form shows it.
                form = self._form(request, get_enquiry(self, request, object_id))
                continue
            return self._saved(request, enquiry, done)
        if is_posted:
            # A refused form has put its values on the enquiry that it was given.
            enquiry = get_enquiry(self, request, object_id)
        context = self._context(request, enquiry, form.to_show_again())
        if not is_posted:
            record(EventType.SEEN, enquiry.reference, request=request)
        return render_page(self, request, "enquiry/change_form.html", context)

    def _form(self, request: HttpRequest, enquiry: Enquiry) -> EnquiryForm:
        posted = request.POST if request.method == "POST" else None
        return EnquiryForm(posted, enquiry=enquiry, may_hold=request.user.has_perm("contact.hold_enquiry"))

    def _saved(self, request: HttpRequest, enquiry: Enquiry, done: str) -> HttpResponse:
        if done:
            self.log_change(request, enquiry, done)
            messages.success(request, f"{enquiry.reference} saved: {done}.")
        else:
            messages.info(request, "Nothing was changed.")
        if "_next" in request.POST:
            return HttpResponseRedirect(self.neighbours(request, enquiry)["after_saving"])
        return back_to(enquiry, request)

    def _context(self, request: HttpRequest, enquiry: Enquiry, form: EnquiryForm) -> dict[str, Any]:
        timeline, now, policy = timeline_of(enquiry), timezone.now(), reply_policy()
        answers, times = PublicForm.answer_fields(), follow_up_times(enquiry, now, policy)
        return {
            "title": enquiry.reference,
            "enquiry": enquiry,
            "answer": form,
            "has_change_permission": self.has_change_permission(request, enquiry),
            "contact_options": contact_options(enquiry),
            "more_answers": [
                (field.label, enquiry.display(name)) for name, field in answers.items() if name not in LAID_OUT
            ],
            "timeline": timeline.items,
            "alerts": alerts(enquiry, timeline),
            "viewers": viewers_of(enquiry, request.user, now),
            "is_promised": enquiry.promised_at in (None, enquiry.due_at),
            "is_overdue": bool(enquiry.is_waiting and enquiry.due_at and enquiry.due_at < now),
            "neighbours": self.neighbours(request, enquiry),
            "shares": current_shares().filter(enquiry=enquiry),
            "list_query": list_query(request),
            "same_person": same_person(enquiry)[:20],
            "together": request.POST.getlist("together"),
            "follow_up": follow_up_in_words(enquiry),
            "follow_up_times": [(name, when(at, now)) for name, at in times.items()],
            "waited": waited(enquiry, now, policy, " in working hours"),
            "reply_texts": ReplyText.objects.only("title", "sort_order") if enquiry.email else (),
            "may_see_activity": request.user.has_perm("contact.view_enquiryevent"),
        }

    def neighbours(self, request: HttpRequest, enquiry: Enquiry) -> dict[str, str]:
        """Return what the list is called, and URLs of it and of those before and after this enquiry in it, or "".

        An enquiry has its place there even when it has just been answered and left the list.
        """
        filters = QueryDict(request.GET.get(LIST_FILTERS, ""), mutable=True)
        list_url = reverse("admin:contact_enquiry_changelist") + (f"?{filters.urlencode()}" if filters else "")
        filters.pop("p", None)
        list_request: Any = copy(request)
        list_request.GET = filters
        with_this_one = self.filtered(list_request) | Enquiry.objects.filter(pk=enquiry.pk)
        ids: list[int] = list(with_this_one.values_list("pk", flat=True))
        place = ids.index(enquiry.pk) if enquiry.pk in ids else 0
        query = f"?{urlencode({LIST_FILTERS: filters.urlencode()})}" if filters else ""

        def url(pk: int) -> str:
            return reverse("admin:contact_enquiry_change", args=[pk]) + query

        before, after = ids[:place], ids[place + 1 :]
        label = f"“{chosen_queue(list_request).label}”"
        return {
            "label": f"search results in {label}" if filters.get("q") else label,
            "list_url": list_url,
            "previous": url(before[-1]) if before else "",
            "next": url(after[0]) if after else "",
            # “Save and open next” leads from the last one to the first that was skipped, or else to the list.
            "after_saving": url((after or before)[0]) if after or before else list_url,
        }

    def viewers_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Who else has the enquiry open, for the script of a page that is already open."""
        enquiry = get_enquiry(self, request, object_id)
        viewers = viewers_of(enquiry, request.user, timezone.now())
        return TemplateResponse(request, "admin/contact/enquiry/parts/viewers.html", {"viewers": viewers})

    def take_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Assign the enquiry to oneself; a new one is then in progress."""
        enquiry = get_enquiry(self, request, object_id)
        started = {"status": Status.IN_PROGRESS} if enquiry.status == Status.NEW else {}
        return self._decide(enquiry, request, "Assigned to you.", assigned_to=request.user, **started)

    def seen_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        enquiry = get_enquiry(self, request, object_id)
        return self._decide(enquiry, request, "Not urgent: it has its ordinary place now.", **{URGENCY: timezone.now()})

    def verdict_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Mark as spam, or as not spam: then it gets its former status, and mail that was held back goes out."""
        enquiry = get_enquiry(self, request, object_id)
        if request.POST.get("verdict") == "spam":
            return self._decide(enquiry, request, "Marked as spam.", batch=token_hex(8), status=Status.SPAM)
        return self._decide(enquiry, request, f"{capfirst(NOT_SPAM)}.", **not_spam(enquiry))

    def _decide(self, enquiry: Enquiry, request: HttpRequest, done: str, **decisions: Any) -> HttpResponse:
        """Change the enquiry if it is still as the page showed it."""
        seen = parse_pk(request.POST.get("seen", ""))
        try:
            update_enquiry(enquiry, request, seen=-1 if seen is None else seen, **decisions)
        except StaleError:
            messages.warning(request, "A colleague changed this enquiry a moment ago. Check it before you decide.")
        else:
            batch = decisions.get("batch")
            messages.success(request, self.with_undo(request, done, batch) if batch else done)
        return back_to(enquiry, request)


def alerts(enquiry: Enquiry, timeline: Timeline) -> dict[str, Any]:
    """Return what needs attention; an alert disappears once that is done."""
    return {
        "red_flags": enquiry.red_flags if enquiry.status in UNDECIDED else [],
        "only_a_visit": enquiry.red_flags == [SOON],
        "is_suspected": enquiry.status == Status.SUSPECTED_SPAM,
        "is_receipt_held": enquiry.is_waiting and enquiry.is_receipt_held and bool(enquiry.email),
        "is_mail_held": not any(item.message and item.message.kind in FIRST_KINDS for item in timeline.items),
        "undelivered": timeline.undelivered if enquiry.is_waiting else [],
        "patient_replied": timeline.patient_replied if enquiry.is_waiting else None,
        "mailbox_url": DeskSettings.load().mailbox_url if timeline.patient_replied else "",
    }
