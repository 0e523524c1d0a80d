"""One enquiry: the patient's words, which nobody can change, beside what happened, and our answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.utils import timezone

from contact.admin.answer import AnswerForm
from contact.admin.lost_words import giving_back_words
from contact.admin.neighbours import neighbours, next_address
from contact.admin.people import others_among
from contact.admin.reach import ways_to_reach
from contact.admin.timeline import story_of
from contact.admin.writing import back_to, enquiry_to_work_on, way_back
from contact.intake.promise import reply_policy
from contact.intake.submission import FIRST_KINDS
from contact.models import Enquiry, ReplyText
from contact.models.enquiry import Status
from contact.models.event import EventType, record
from contact.workflow import updates
from contact.workflow.reopening import was_due_date_moved
from contact.workflow.timeline import write_note
from contact.workflow.waiting import IN_WORKING_HOURS, waited

if TYPE_CHECKING:
    from django import forms
    from django.db.models import ForeignKey, QuerySet
    from django.http import HttpRequest, HttpResponse

    from contact.admin.timeline import Story

NOTHING = "Nothing was changed."
HOLD_PERMISSION = "contact.hold_enquiry"


class Detail(admin.ModelAdmin):
    form = AnswerForm

    def get_fieldsets(self, request: HttpRequest, obj: Enquiry | None = None) -> Any:
        may_hold = request.user.has_perm(HOLD_PERMISSION)
        return [(None, {"fields": [name for name in updates.DECISIONS if may_hold or name != "legal_hold"]})]

    def get_form(self, request: HttpRequest, obj: Enquiry | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "assigned_to" in form.base_fields:
            # Plain: from here nobody adds or edits colleagues.
            form.base_fields["assigned_to"].widget = form.base_fields["assigned_to"].widget.widget
        return form

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "assigned_to":
            kwargs["queryset"] = updates.colleagues()
            kwargs["empty_label"] = "Nobody yet"
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        view = partial(super().change_view, form_url=form_url, extra_context=extra_context)
        return (giving_back_words(self, view) if request.method == "POST" else view)(request, object_id)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"title": "Enquiry", **(extra_context or {})}
        if request.method == "POST":
            enquiry_to_work_on(self, request, object_id or "")
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except updates.StaleError:
            # A colleague saved between this form's check and its saving: checked again, it says so.
            return super().changeform_view(request, object_id, form_url, context)
        except Enquiry.DoesNotExist:
            raise Http404 from None  # erased at this very moment

    def save_form(self, request: HttpRequest, form: forms.ModelForm, change: bool) -> Enquiry:
        # The form has put its values on the enquiry already; what is stored decides what is a change.
        return self.get_queryset(request).get(pk=form.instance.pk)

    def save_model(self, request: HttpRequest, obj: Enquiry, form: Any, change: bool) -> None:
        """Keep the call, the note and the decisions. What was chosen wins over what the call alone would change."""
        decided, reason = form.decided, form.cleaned_data.get("hold_reason")
        if decided:
            # First of all, as it takes the row's lock and finds out whether a colleague was quicker.
            updates.update_enquiry(obj, request, seen=form.cleaned_data["seen_revision"])
        said = [form.call.keep(obj, request), form.note.keep(obj, request)]
        said.append(updates.update_enquiry(obj, request, **decided) if decided else "")
        if reason:
            write_note(obj, request, f"Legal hold: {reason}" if "legal_hold" in form.changed_data else reason)
            said.append("reason kept as a note")
        if done := "; ".join(filter(None, said)):
            messages.success(request, f"{obj.reference} saved: {done}.")
            obj.refresh_from_db()
        else:
            messages.info(request, NOTHING)

    def response_change(self, request: HttpRequest, obj: Enquiry) -> HttpResponse:
        if "_next" in request.POST:
            return HttpResponseRedirect(next_address(request, obj))
        return back_to(obj, request)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing hangs on an enquiry's form: its entries have forms of their own."""

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Enquiry | None = None,
    ) -> HttpResponse:
        if obj is None:
            return super().render_change_form(request, context, add, change, form_url, obj)
        form = cast("AnswerForm", context["adminform"].form)
        if request.method == "POST":
            form = form.shown_again() if form.versions else form
            # As it is stored, not as the refused form would have it.
            obj = self.get_queryset(request).get(pk=obj.pk)
        forms = {"answer": form, "call_form": form.call, "note_form": form.note}
        context |= {"original": obj, **forms, **about(obj, request)}
        if request.method != "POST":
            # Only now: the timeline need not say to somebody that they are here.
            record(EventType.SEEN, obj.reference, request=request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        return super().get_queryset(request).select_related("assigned_to")


def about(enquiry: Enquiry, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of one enquiry shows beside its form."""
    story = story_of(enquiry)
    now = timezone.now()
    return {
        "enquiry": enquiry,
        "ways": ways_to_reach(enquiry),
        "moments": story.moments,
        "alerts": alerts_of(enquiry, story),
        "others": others_among(story.events, request.user, now),
        "is_promised": not was_due_date_moved(story.events),
        "is_overdue": bool(enquiry.is_waiting and enquiry.due_at and enquiry.due_at < now),
        "line": neighbours(request, enquiry, now),
        "way_back": way_back(request),
        "waited": waited(enquiry, now, reply_policy().hours, IN_WORKING_HOURS),
        "reply_texts": ReplyText.objects.only("title", "sort_order") if enquiry.email else (),
        "may_see_record": request.user.has_perm("contact.view_enquiryevent"),
    }


def alerts_of(enquiry: Enquiry, story: Story) -> dict[str, Any]:
    """Return what needs somebody, and nothing once it is done."""
    return {
        "red_flags": enquiry.red_flags if enquiry.is_waiting or enquiry.status == Status.SUSPECTED_SPAM else [],
        "suspicions": enquiry.screening_reasons if enquiry.status == Status.SUSPECTED_SPAM else [],
        "is_suspected": enquiry.status == Status.SUSPECTED_SPAM,
        "is_mail_held": not any(moment.message and moment.message.kind in FIRST_KINDS for moment in story.moments),
        "unheard": story.unheard if enquiry.is_waiting else [],
    }
