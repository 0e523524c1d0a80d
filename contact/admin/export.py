"""The list of enquiries as a file: what it is narrowed to, for managers, and on record.

Who takes names and messages out of the desk answers for them from then on: the page before says so.
"""

from __future__ import annotations

from operator import methodcaller
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contact.admin.narrowing import Narrowing
from contact.admin.people import name_of
from contact.admin.spreadsheets import csv_file, xlsx_file
from contact.form.forms import EnquiryForm
from contact.models import Enquiry
from contact.models.event import EventType, record
from contact.workflow.overview import Desk
from contact.workflow.updates import SPAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from contact.admin.spreadsheets.cells import Cell

PERMISSION = "contact.export_enquiry"
# As many are read, put on record and sent at once.
AT_ONCE = 500


class Format(NamedTuple):
    label: str
    content_type: str
    write: Callable[[Iterable[Sequence[Cell]]], Iterator[bytes]]


FORMATS = {
    "xlsx": Format("Excel (XLSX)", xlsx_file.CONTENT_TYPE, xlsx_file.write),
    "csv": Format("CSV", csv_file.CONTENT_TYPE, csv_file.write),
}


def is_spam(enquiry: Enquiry) -> bool:
    return enquiry.status in SPAM


def columns() -> dict[str, Callable[[Enquiry], Cell]]:
    """Return the columns by their headings; those of the answers follow from the form."""
    answers = {
        capfirst(str(field.verbose_name)): methodcaller("display", field.name)
        for field in Enquiry._meta.concrete_fields
        if field.name in EnquiryForm.answer_fields()
    }
    return {**COLUMNS_BEFORE, **answers, **COLUMNS_AFTER}


COLUMNS_BEFORE: dict[str, Callable[[Enquiry], Cell]] = {
    "Reference": lambda enquiry: enquiry.reference,
    "Received (Whitehorse time)": lambda enquiry: enquiry.received_at,
    "Status": lambda enquiry: enquiry.get_status_display(),
    "Written on page": lambda enquiry: enquiry.about_title,
}
COLUMNS_AFTER: dict[str, Callable[[Enquiry], Cell]] = {
    "Who answers": lambda enquiry: name_of(enquiry.assigned_to),
    "Answer by (Whitehorse time)": lambda enquiry: enquiry.due_at,
    "Answered (Whitehorse time)": lambda enquiry: enquiry.answered_at,
    "Closed (Whitehorse time)": lambda enquiry: enquiry.closed_at,
    "Legal hold": lambda enquiry: enquiry.legal_hold,
    "Warning signs": lambda enquiry: ", ".join(enquiry.red_flags),
    # Signs are counted in every enquiry; a reason they are where it was suspected.
    "Why suspected of spam": lambda enquiry: ", ".join(map(str, enquiry.screening_reasons if is_spam(enquiry) else ())),
}


def export_view(model_admin: ModelAdmin[Enquiry]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the page at the list's own address below `export/`: what would be taken out, and in which format."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not (user.is_authenticated and user.has_perm(PERMISSION)):
            raise PermissionDenied
        narrowing = Narrowing.read(request.GET)
        found = narrowing.among(Enquiry.objects.all(), Desk(user))
        extension = request.POST.get("format", "")
        if extension in FORMATS and (numbers := list(found.values_list("pk", flat=True))):
            return _file(request, extension, numbers, narrowing.tab.label)
        context = {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": "Export enquiries",
            "narrowing": narrowing,
            "count": found.count(),
            "formats": [(name, one.label) for name, one in FORMATS.items()],
            "address": request.GET.urlencode(),
        }
        return TemplateResponse(request, "admin/contact/enquiry/export.html", context)

    return view


def _file(request: HttpRequest, extension: str, numbers: Sequence[int], which: str) -> StreamingHttpResponse:
    one = FORMATS[extension]
    name = f"enquiries-{timezone.localtime():%Y-%m-%d-%H%M}.{extension}"
    return StreamingHttpResponse(
        one.write(rows(request, numbers, f"{extension.upper()}, {which}")),
        content_type=one.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def rows(request: HttpRequest, numbers: Sequence[int], what: str) -> Iterator[Sequence[Cell]]:
    """Yield the heading and a row for each enquiry, and put on record what is sent before it is.

    By their primary keys, some at a time: a cursor that stays open would keep SQLite from writing those events.
    """
    by_heading = columns()
    yield list(by_heading)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        enquiries = Enquiry.objects.select_related("assigned_to").in_bulk(some)
        # One that was deleted a moment ago is in no file.
        there = [enquiries[number] for number in some if number in enquiries]
        record(EventType.EXPORTED, request=request, references=[enquiry.reference for enquiry in there], detail=what)
        yield from ([column(enquiry) for column in by_heading.values()] for enquiry in there)
