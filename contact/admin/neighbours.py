"""The next and the previous enquiry, in the list that somebody works through.

The list's own address comes along with each link of it, as Django's admin does for its way back
(`_changelist_filters`). An enquiry has its place there also when it has just been answered and left the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from contact.admin.narrowing import Narrowing
from contact.models import Enquiry
from contact.workflow.overview import Desk

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

FILTERS = "_changelist_filters"
# The page of a list is no part of a place in it.
PAGE = "p"


@dataclass(frozen=True)
class Neighbours:
    """Addresses of the previous and the next one, empty where there is none; `label` names the list."""

    label: str
    list_address: str
    previous: str
    next: str


def neighbours(request: HttpRequest, enquiry: Enquiry, now: datetime | None = None) -> Neighbours:
    """Return what stands before and after this enquiry in the list it was opened from; one short query each."""
    narrowing = _narrowing(request)
    list_address = reverse("admin:contact_enquiry_changelist")
    return Neighbours(
        label=f"{'the search in ' if narrowing.q else ''}“{narrowing.tab.label}”",
        list_address=f"{list_address}?{kept}" if (kept := _kept(request)) else list_address,
        previous=_address(request, _beyond(request, narrowing, enquiry, now, backwards=True)),
        next=_address(request, _beyond(request, narrowing, enquiry, now)),
    )


def next_address(request: HttpRequest, enquiry: Enquiry, now: datetime | None = None) -> str:
    """Return where “Save and open the next” leads: to the next in line, or to the list after the last one.

    Whoever has skipped some on the way comes back to the first that is left.
    """
    narrowing = _narrowing(request)
    following = _beyond(request, narrowing, enquiry, now) or _first_left(request, narrowing, enquiry, now)
    return _address(request, following) or neighbours(request, enquiry, now).list_address


def _beyond(
    request: HttpRequest, narrowing: Narrowing, enquiry: Enquiry, now: datetime | None, *, backwards: bool = False
) -> int | None:
    order = narrowing.order.reverse() if backwards else narrowing.order
    rows = narrowing.among(Enquiry.objects.all(), Desk(request.user, now or timezone.now()))
    return order.of(rows).filter(order.after(enquiry)).values_list("pk", flat=True).first()


def _first_left(request: HttpRequest, narrowing: Narrowing, enquiry: Enquiry, now: datetime | None) -> int | None:
    rows = narrowing.among(Enquiry.objects.exclude(pk=enquiry.pk), Desk(request.user, now or timezone.now()))
    return rows.values_list("pk", flat=True).first()


def _narrowing(request: HttpRequest) -> Narrowing:
    return Narrowing.read(QueryDict(_kept(request)))


def _kept(request: HttpRequest) -> str:
    return request.GET.get(FILTERS, "")


def _address(request: HttpRequest, pk: int | None) -> str:
    if pk is None:
        return ""
    kept = QueryDict(_kept(request), mutable=True)
    kept.pop(PAGE, None)
    address = reverse("admin:contact_enquiry_change", args=[pk])
    return f"{address}?{urlencode({FILTERS: kept.urlencode()})}" if kept else address
