"""“Who saw my enquiry?”: the answer to a patient's question, on one page, also after the enquiry was deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from contact.admin.people import name_of
from contact.models import Enquiry, EnquiryEvent
from contact.models.enquiry import as_reference
from contact.models.event import EventType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse

PERMISSION = "contact.view_enquiryevent"

IN_PLAIN_WORDS = {
    EventType.RECEIVED: "took in your enquiry",
    EventType.LISTED: "saw it in a list, with your name and how to reach you",
    EventType.SEEN: "opened it and could read what you wrote",
    EventType.CHANGED: "changed how far it is",
    EventType.NOTED: "wrote a note to it",
    EventType.CALLED: "phoned you",
    EventType.REPLIED: "wrote you an e-mail",
    EventType.DELIVERED: "handed over an e-mail about it",
    EventType.BOUNCED: "took back an e-mail that did not arrive",
    EventType.RESENT: "sent an e-mail about it once more",
    EventType.ESCALATED: "reminded colleagues that you wait",
    EventType.EXPORTED: "took it out in a table, with your name and how to reach you",
    EventType.DISCLOSED: "gave you what is kept about you",
    EventType.PURGED: "deleted it, as it had been kept long enough",
    EventType.ERASED: "deleted it, as you asked",
}
# Those in which somebody could read a name or more.
READING = (EventType.LISTED, EventType.SEEN, EventType.EXPORTED, EventType.DISCLOSED)


@dataclass
class Line:
    """What somebody did; the same again on the same day, from the same place, is `times` more of it."""

    at: datetime
    who: str
    role: str
    address: str
    what: str
    detail: str
    times: int = 1
    last: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """When it was the last time, where that is another minute than the first."""
        return self.last if self.last and self.last - self.at >= timedelta(minutes=1) else None


@dataclass
class Reader:
    """Somebody who could read a part of it, how often, and when first and last."""

    who: str
    role: str
    times: int
    first: datetime
    last: datetime


def record_of(reference: str) -> tuple[list[Line], list[Reader]]:
    """Return everything on record about an enquiry, the earliest first, and who could read it; by three queries."""
    events = EnquiryEvent.objects.of(reference).select_related("actor").prefetch_related("actor__groups")
    lines: dict[object, Line] = {}
    readers: dict[int, Reader] = {}
    for event in events:
        who, role = _person(event)
        is_reading = event.kind in READING
        day = timezone.localdate(event.at)
        line = Line(event.at, who, role, event.ip_address or "", IN_PLAIN_WORDS[EventType(event.kind)], _detail(event))
        same = lines.setdefault((day, event.actor_id, event.kind, line.address) if is_reading else event.pk, line)
        if same is not line:
            same.times, same.last, same.detail = same.times + 1, event.at, ""
        if is_reading and event.actor_id is not None:
            reader = readers.setdefault(event.actor_id, Reader(who, role, 0, event.at, event.at))
            reader.times, reader.last = reader.times + 1, event.at
    return list(lines.values()), list(readers.values())


def _person(event: EnquiryEvent) -> tuple[str, str]:
    if not event.actor_id:
        return ("The website", "by itself")
    if event.actor is None:
        return (event.actor_name, "no longer works at the desk")
    roles = [group.name for group in event.actor.groups.all()]
    if event.actor.is_superuser:
        roles.append("Administrator")
    return (name_of(event.actor), ", ".join(roles) or "no role today")


def _detail(event: EnquiryEvent) -> str:
    # How many stood in a list says nothing about this patient.
    return "" if event.kind in (EventType.LISTED, EventType.EXPORTED) else event.detail


def who_saw_view(model_admin: ModelAdmin) -> Callable[..., HttpResponse]:
    @require_safe
    def view(request: HttpRequest, reference: str) -> HttpResponse:
        _check(request)
        known = as_reference(reference)
        lines, readers = record_of(known) if known else ([], [])
        enquiry = Enquiry.objects.filter(reference=known).first() if known else None
        context = {
            "title": f"Who saw enquiry {known or reference}",
            "reference": known or reference,
            "lines": lines,
            "readers": readers,
            "enquiry": enquiry,
            "printed_at": timezone.now(),
        }
        return _page(model_admin, request, context, status=200 if lines or enquiry else 404)

    return view


def search_view(model_admin: ModelAdmin) -> Callable[..., HttpResponse]:
    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        _check(request)
        typed = request.GET.get("reference", "")
        if known := as_reference(typed):
            return HttpResponseRedirect(reverse("admin:contact_enquiry_who_saw", args=[known]))
        return _page(model_admin, request, {"title": "Who saw an enquiry", "typed": typed, "lines": []})

    return view


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _page(
    model_admin: ModelAdmin, request: HttpRequest, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    return TemplateResponse(request, "admin/contact/enquiry/who_saw.html", {**shared, **context}, status=status)
