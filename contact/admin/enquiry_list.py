"""The list of enquiries: Django's own, with columns that suit each queue."""

from collections.abc import Iterator
from copy import copy
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clinic.lib.http import parse_pk
from contact.admin.actions import BulkActions
from contact.admin.base import contact_options, usable_query
from contact.admin.filters import QUEUES, AssigneeFilter, Queue, QueueFilter, chosen_queue
from contact.intake.promise import ReplyPolicy, reply_policy
from contact.models import Enquiry, Entry, Message
from contact.models.enquiry import UNDECIDED, Status, search_terms
from contact.models.event import record_list
from contact.workflow.overview import mark_known, overview, queues
from contact.workflow.updates import display_name, follow_up_in_words
from contact.workflow.waiting import A_MINUTE, in_words, waited, when

FIRST_LINE = 90


class EnquiryColumns:
    """The columns, for one person at one moment."""

    def __init__(self, user: User | AnonymousUser) -> None:
        self.user = user
        self.now = timezone.now()

    @cached_property
    def policy(self) -> ReplyPolicy:
        return reply_policy()

    @admin.display(description="Who")
    def who(self, enquiry: Enquiry) -> SafeString:
        again = format_html(' <small class="again">{}</small>', enquiry.wrote_before) if enquiry.wrote_before else ""
        return format_html("{} <small>{}</small>{}", enquiry.name, enquiry.reference, again)

    @admin.display(description="About")
    def about(self, enquiry: Enquiry) -> SafeString:
        line = " ".join(enquiry.message.strip().partition("\n")[0].split())
        line = line if len(line) <= FIRST_LINE else f"{line[:FIRST_LINE]}…"
        again = "Waiting for the patient" if enquiry.waiting_for_patient else ""
        again = f"Try again: {follow_up_in_words(enquiry)}" if enquiry.follow_up_at else again
        parts = (("small", enquiry.about_title), ("span", line), ("strong", again))
        page = format_html_join("", '<{0} class="first-line">{1}</{0}>', (part for part in parts if part[1]))
        flags = format_html_join("", '<li class="is-{}">{}</li>', self._flags(enquiry))
        return format_html("{}{}<ul>{}</ul>" if flags else "{}{}", enquiry.get_topic_display(), page, flags)

    @admin.display(description="How to reach them")
    def contact(self, enquiry: Enquiry) -> SafeString:
        options = contact_options(enquiry, with_suggestion=False)
        links = ((one["url"], "is-preferred" if one["is_preferred"] else "", one["typed"]) for one in options)
        best = "" if enquiry.best_time == Enquiry.BestTime.ANY else enquiry.get_best_time_display().lower()
        how = ", ".join(filter(None, (best, "voicemail OK" if enquiry.voicemail_ok else "no voicemail")))
        ways = format_html_join("", '<a href="{}" class="{}">{}</a>', links)
        return format_html("{}<small>{}</small>", ways, how) if enquiry.phone else ways

    @admin.display(description="Waited")
    def waiting(self, enquiry: Enquiry) -> SafeString:
        received = when(enquiry.received_at, self.now)
        return format_html("{} <small>{}</small>", waited(enquiry, self.now, self.policy), received)

    @admin.display(description="Status")
    def state(self, enquiry: Enquiry) -> SafeString:
        """Return the status, and by when to answer or when it was closed; suspected senders were promised that, too."""
        due, more = enquiry.due_at, ""
        if enquiry.closed_at:
            more = when(enquiry.closed_at, self.now)
        elif due and enquiry.status in UNDECIDED and not enquiry.waiting_for_patient:
            more = f"answer by {when(due, self.now)}"
            if due < self.now and enquiry.is_waiting:
                late = self.policy.time_between(due, self.now)
                by = f" by {in_words(late, has_days=False)}" if late >= A_MINUTE else ""
                more = format_html('<strong class="is-overdue">Overdue{}</strong>', by)
        return format_html("<b>{}</b> {}", enquiry.get_status_display(), more)

    @admin.display(description="Assigned to")
    def assignee(self, enquiry: Enquiry) -> str:
        if enquiry.assigned_to_id == self.user.pk:
            return format_html("<strong>{}</strong>", "You")
        return display_name(enquiry.assigned_to)

    def _flags(self, enquiry: Enquiry) -> Iterator[tuple[str, str]]:
        """Yield a style and a text: "now" needs action, "hint" may matter, "fact" is for information."""
        for name in enquiry.red_flags:
            yield ("now" if enquiry.status in UNDECIDED and enquiry.is_urgent else "fact", name)
        if enquiry.has_failed_mail:
            yield ("now", "Mail undelivered")
        if enquiry.status == Status.SUSPECTED_SPAM:
            for reason in enquiry.screening_reasons:
                yield ("hint", reason)
        else:
            if enquiry.honeypot_filled:
                yield ("hint", "hidden field filled in")
            if enquiry.headers_missing:
                yield ("hint", "sent without browser headers")
            if enquiry.is_receipt_held and enquiry.is_waiting:
                yield ("hint", "receipt held")
        if enquiry.masked:
            yield ("fact", f"removed: {', '.join(enquiry.masked)}")
        if enquiry.legal_hold:
            yield ("fact", "legal hold")


class EnquiryChangeList(ChangeList):
    """Django's list, and how many enquiries are in each queue."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.queue = chosen_queue(request)
        self.user = request.user
        super().__init__(request, *args, **kwargs)
        # Django would resolve the address of each row to add them.
        self.filters, self.preserved_filters = self.preserved_filters, ""

    def url_for_result(self, result: Model) -> str:
        return f"{super().url_for_result(result)}?{self.filters}"

    @cached_property
    def queues(self) -> list[tuple[Queue, int]]:
        """Return each queue, and how many enquiries are in it where the page says so."""
        counts = overview(self.user, names=[queue.slug for queue in QUEUES.values() if queue.is_tab or queue.is_urgent])
        return [(queue, counts.get(queue.slug, 0)) for queue in QUEUES.values()]

    def get_results(self, request: HttpRequest) -> None:
        """Read a page of the list, except where only its query is wanted (`EnquiryListAdmin.filtered`)."""
        if request.resolver_match is None or request.resolver_match.url_name != "contact_enquiry_changelist":
            return
        super().get_results(request)
        mark_known(self.result_list)
        waiting = [one for one in self.result_list if one.is_waiting]
        messages = Message.objects.undelivered(timezone.now()).filter(enquiry__in=[one.pk for one in waiting])
        failed = set(messages.values_list("enquiry", flat=True))
        for one in waiting:
            one.has_failed_mail = one.pk in failed

    @cached_property
    def newest(self) -> int:
        """The key after which an enquiry is new, for the script that says how many are."""
        return Enquiry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @property
    def is_filtered(self) -> bool:
        return bool(set(self.params) - {"show", "q"})

    @property
    def colleagues(self) -> list[tuple[str, Any]]:
        """Return the primary key and the name of everyone to whom enquiries can be assigned."""
        specs: list[Any] = self.filter_specs
        return next([*spec.lookup_choices] for spec in specs if isinstance(spec, AssigneeFilter))


class EnquiryListAdmin(BulkActions):
    heading = "Enquiries"
    list_filter = (QueueFilter, "topic", "preferred_contact", AssigneeFilter)
    list_per_page = 25
    list_select_related = ("assigned_to",)
    search_fields = ("search_text__contains",)
    sortable_by = ()

    class Media:
        css = {"all": ["contact/list-tools.css", "contact/list.css"]}

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = EnquiryColumns(request.user)
        return [columns.who, columns.about, columns.contact, columns.waiting, columns.state, columns.assignee]

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return chosen_queue(request).ordering

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EnquiryChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Enquiry], search_term: str
    ) -> tuple[QuerySet[Enquiry], bool]:
        terms = search_terms(search_term)
        if search_term and not terms:
            return queryset.none(), False
        for word in terms.split():
            in_entries = Entry.objects.filter(search_text__contains=word).values("enquiry")
            queryset = queryset.filter(Q(search_text__contains=word) | Q(pk__in=in_entries))
        return queryset, False

    def news_view(self, request: HttpRequest) -> HttpResponse:
        """How many enquiries are new in a queue, and how many are waiting, for the script of a list that is open."""
        queue = queues(request.user, timezone.now())[chosen_queue(request).slug]
        new = Enquiry.objects.filter(queue, pk__gt=parse_pk(request.GET.get("after", "")) or 0)
        return JsonResponse({"new": new.count(), "waiting": overview(request.user)["waiting"]})

    def filtered(self, request: HttpRequest) -> QuerySet[Enquiry]:
        """Return all enquiries of the list at this request's address, in its order; none if it makes no sense."""
        filtered: Any = copy(request)
        filtered.GET = usable_query(request.GET)
        try:
            return self.get_changelist_instance(filtered).queryset
        except IncorrectLookupParameters:
            return Enquiry.objects.none()

    def record_shown(self, request: HttpRequest, shown: Any) -> None:
        if shown.result_list:
            detail = f"{shown.queue.label}, searched" if shown.query else shown.queue.label
            record_list(request, [one.reference for one in shown.result_list], detail)
