"""Filters of the desk's lists; the first one, the queue, also decides columns, order and bulk actions."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from clinic.lib.http import parse_pk
from contact.models import Enquiry
from contact.workflow.overview import LONGEST_FIRST, queues
from contact.workflow.updates import colleagues, display_name

SITE_ITSELF = SafeString("the website")  # of the type that a filter of Django has for its empty value
NEWEST_FIRST = ("-received_at", "-pk")


@dataclass(frozen=True)
class Queue:
    """`empty` is what an empty list says; `is_urgent`: its count is red while there is one; `is_tab`: else a filter."""

    slug: str
    label: str
    empty: str
    actions: tuple[str, ...] = ("assign_to_me", "assign", "mark_answered", "mark_closed", "mark_spam")
    is_urgent: bool = False
    is_tab: bool = False
    ordering: tuple[Any, ...] = LONGEST_FIRST


QUEUES = {
    queue.slug: queue
    for queue in (
        Queue("waiting", "Waiting", "No one is waiting.", (*Queue.actions, "mark_not_spam"), is_tab=True),
        Queue("flagged", "Urgent", "Nothing is urgent.", is_urgent=True, is_tab=True),
        Queue("overdue", "Overdue", "Nothing is overdue.", is_urgent=True, is_tab=True),
        Queue("mine", "Mine", "Nothing is assigned to you.", is_tab=True),
        Queue("unassigned", "Unassigned", "Nothing is unassigned.", is_tab=True),
        Queue("follow_up", "To try again now", "There is no one to try again now."),
        Queue("undelivered", "Undelivered", "All mail has been delivered.", is_urgent=True),
        Queue("later", "Follow up later", "No follow-up is planned.", (*Queue.actions, "mark_in_progress"),
              ordering=("follow_up_at", "received_at", "pk")),
        Queue("suspected", "Suspected spam", "There is no suspected spam.", ("mark_not_spam", "mark_spam"),
              is_tab=True),
        Queue("answered", "Answered", "No answered enquiries are open.", ("mark_in_progress", "mark_closed"),
              ordering=NEWEST_FIRST),
        Queue("closed", "Closed", "No enquiries are closed.", ("mark_in_progress",), ordering=NEWEST_FIRST),
        Queue("spam", "Spam", "There is no spam.", ("mark_not_spam",), ordering=NEWEST_FIRST),
        Queue("all", "All", "No enquiries have come in yet.", (*Queue.actions, "mark_in_progress", "mark_not_spam"),
              ordering=NEWEST_FIRST),
    )
}  # fmt: skip


def chosen_queue(request: HttpRequest) -> Queue:
    """Return the queue in the list's address; a search without one goes through all enquiries."""
    default = "all" if request.GET.get("q") else "waiting"
    return QUEUES.get(request.GET.get("show", ""), QUEUES[default])


class QueueFilter(admin.SimpleListFilter):
    """Tabs above the list, and more lists under its filters, lead to these (`enquiry/change_list.html`)."""

    title = "queue"
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [(queue.slug, queue.label) for queue in QUEUES.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
        return queryset.filter(queues(request.user, timezone.now())[chosen_queue(request).slug])


class AssigneeFilter(admin.SimpleListFilter):
    title = "assigned to"
    parameter_name = "colleague"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [(str(person.pk), display_name(person)) for person in colleagues()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
        pk = parse_pk(self.value() or "")
        return queryset if pk is None else queryset.filter(assigned_to=pk)


class ActorFilter(admin.RelatedFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "who"
        self.empty_value_display = SITE_ITSELF
