"""The list of enquiries as a file, with its filters, for managers; recorded in the activity log."""

from collections.abc import Callable, Iterable
from operator import methodcaller

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst

from clinic.lib.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, write_csv, write_xlsx
from contact.admin.base import render_page
from contact.admin.enquiry_page import EnquiryPageAdmin
from contact.admin.filters import chosen_queue
from contact.form.forms import EnquiryForm
from contact.models import Enquiry
from contact.models.event import EventType, record
from contact.workflow.updates import SPAM, display_name

FORMATS = {"xlsx": ("Excel (XLSX)", XLSX_TYPE, write_xlsx), "csv": ("CSV", CSV_TYPE, write_csv)}


def columns() -> dict[str, Callable[[Enquiry], Cell]]:
    """Return the columns by their headings; those of the answers follow from the form."""
    answers = {
        capfirst(str(field.verbose_name)): methodcaller("display", field.name)
        for field in Enquiry._meta.concrete_fields
        if field.name in EnquiryForm.answer_fields()
    }
    return {
        "Reference": lambda enquiry: enquiry.reference,
        "Received (Whitehorse time)": lambda enquiry: enquiry.received_at,
        "Status": lambda enquiry: enquiry.get_status_display(),
        "Sent from page": lambda enquiry: enquiry.about_title,
        **answers,
        "Assigned to": lambda enquiry: display_name(enquiry.assigned_to),
        "Answer by (Whitehorse time)": lambda enquiry: enquiry.due_at,
        "Answered (Whitehorse time)": lambda enquiry: enquiry.answered_at,
        "Closed (Whitehorse time)": lambda enquiry: enquiry.closed_at,
        "Legal hold": lambda enquiry: enquiry.legal_hold,
        "Warning signs": lambda enquiry: ", ".join(enquiry.red_flags),
        # Every enquiry is scored; the signs are reasons only where it was suspected.
        "Why suspected of spam": lambda enquiry: ", ".join(enquiry.screening_reasons if enquiry.status in SPAM else ()),
    }


def export_view(model_admin: EnquiryPageAdmin, request: HttpRequest) -> HttpResponse:
    """Show what would be exported, or export it: the list at the same address without `export/`."""
    try:
        found = model_admin.filtered(request).select_related("assigned_to")
    except IncorrectLookupParameters:
        found = Enquiry.objects.none()
    queue, extension = chosen_queue(request).label, request.POST.get("format", "")
    if extension in FORMATS and (enquiries := list(found)):
        references = [enquiry.reference for enquiry in enquiries]
        record(EventType.EXPORTED, request=request, references=references, detail=f"{extension.upper()}, {queue}")
        return _file(extension, enquiries)
    context = {
        "title": "Export enquiries",
        "queue": queue,
        "is_filtered": bool(set(request.GET) - {"show", "p"}),
        "count": found.count(),
        "formats": [(name, label) for name, (label, _type, _write) in FORMATS.items()],
        "address": request.GET.urlencode(),
    }
    return render_page(model_admin, request, "enquiry/export.html", context)


def _file(extension: str, enquiries: Iterable[Enquiry]) -> HttpResponse:
    _label, content_type, write = FORMATS[extension]
    by_heading = columns()
    rows: list[list[Cell]] = [[column(enquiry) for column in by_heading.values()] for enquiry in enquiries]
    name = f"enquiries-{timezone.localtime():%Y-%m-%d-%H%M}.{extension}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write([[*by_heading], *rows]), content_type=content_type, headers=disposition)
