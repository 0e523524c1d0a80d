"""The list of enquiries: quick filters, search, and a page of lines that never counts or reads more than it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.template.response import TemplateResponse

from contact.admin.bulk import MOST_AT_ONCE, BulkActions
from contact.admin.lines import lines
from contact.admin.narrowing import Narrowing
from contact.admin.people import names_of, names_of_colleagues
from contact.admin.rows import Reader
from contact.admin.tabs import TABS
from contact.intake.promise import reply_policy
from contact.models import Enquiry
from contact.models.event import EventType, record
from contact.workflow.overview import Desk, Overview

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

FURTHEST_PAGE = 400


class EnquiryList(ChangeList):
    """Django's list, narrowed by `Narrowing` and cut without counting: one row more says that there is a next page."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Enquiry]:
        self.has_filters = self.has_active_filters = False
        self.filter_specs: list[Any] = []
        self.narrowing = Narrowing.read(request.GET)
        self.desk = Desk(request.user)
        return self.narrowing.among(self.root_queryset, self.desk)

    def get_results(self, request: HttpRequest) -> None:
        self.page_num = min(max(self.page_num, 1), FURTHEST_PAGE)
        self.first = (self.page_num - 1) * self.list_per_page
        # The base queryset joins the assignee; here the colleagues' names are known anyway, and PostgreSQL and SQLite
        # both take a worse index for the join.
        found = list(self.queryset.select_related(None)[self.first : self.first + self.list_per_page + 1])
        self.result_list = found[: self.list_per_page]
        self.has_next = len(found) > self.list_per_page and self.page_num < FURTHEST_PAGE
        self.result_count = self.first + len(found)
        self.full_result_count = None
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = bool(self.result_list)

    def address(self, **changed: Any) -> str:
        """Return the address of this list with something else in it, or without it where that is empty."""
        return self.get_query_string({name: value or None for name, value in changed.items()})


class Listing(BulkActions):
    list_display = ("reference",)
    list_per_page = 25
    search_fields = ("name", "email", "phone", "reference")
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EnquiryList

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Look up once what this person may do: Django asks three times a page, about each action anew."""
        known = vars(request)
        if "desk_actions" not in known:
            known["desk_actions"] = super().get_actions(request)
        actions: dict[str, Any] = known["desk_actions"]
        return actions

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, {"title": "Enquiries", **(extra_context or {})})
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            response.context_data |= self._page(request, response.context_data["cl"])
        return response

    def _page(self, request: HttpRequest, cl: EnquiryList) -> dict[str, Any]:
        """Return what the template shows, and put on record who was seen: one event for the whole page."""
        tab = cl.narrowing.tab
        now, desk = cl.desk.now, cl.desk.overview
        if cl.result_list:
            detail = f"{tab.label}, searched" if cl.narrowing.q else tab.label
            seen = [enquiry.reference for enquiry in cl.result_list]
            record(EventType.LISTED, request=request, references=seen, detail=detail)
        colleagues = names_of_colleagues()
        have_left = {enquiry.assigned_to_id for enquiry in cl.result_list} - {None, *colleagues}
        reader = Reader(
            request.user.pk, now, reply_policy().hours, desk.hanging, colleagues | names_of(have_left), tab.is_done
        )
        rows = [reader.row(enquiry) for enquiry in cl.result_list]
        allowed = self.get_actions(request)
        bulk = [(name, found[2]) for name in tab.actions if (found := allowed.get(name))]
        way_back = f"?{cl.preserved_filters}" if cl.preserved_filters else ""
        total = getattr(desk, tab.slug, 0) if not cl.narrowing.has_more else 0
        return {
            "tab": tab,
            "tabs": [_link(tab, desk) for tab in TABS],
            "rows": rows,
            "lines": lines(rows, way_back, tab, with_ticks=bool(bulk)),
            "bulk": bulk,
            "colleagues": [{"pk": str(number), "name": name} for number, name in colleagues.items()],
            "narrowing": cl.narrowing,
            "choices": {"topic": Enquiry.Topic.choices, "way": Enquiry.PreferredContact.choices},
            "total": total,
            # All of them, on every page of the list, where that is no more than is changed at once.
            "selectable": total if len(cl.result_list) < total <= MOST_AT_ONCE else 0,
            "shown": (cl.first + 1, cl.first + len(cl.result_list)),
            "previous_page": cl.address(**{PAGE_VAR: cl.page_num - 1}) if cl.page_num > 1 else "",
            "next_page": cl.address(**{PAGE_VAR: cl.page_num + 1}) if cl.has_next else "",
        }


def _link(tab: Any, desk: Overview) -> dict[str, Any]:
    count = getattr(desk, tab.slug, None)
    return {"slug": tab.slug, "label": tab.label, "count": count, "is_urgent": bool(tab.needs_action and count)}
