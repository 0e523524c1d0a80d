"""Search, health and errors."""

import logging
import sys
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from wagtail import hooks

from clinic.lib.http import read_only
from clinic.public.contact_fallback import contact_details
from clinic.public.errors import POLICY, plain_error_page
from clinic.public.search import find_pages

logger = logging.getLogger(__name__)

WARNING_SIGNS = "find_warning_signs"


@read_only
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    results = find_pages(request, query, request.GET.get("page", "1"))
    return render(request, "clinic/search.html", {"results": results, "signs": warning_signs_in(query)})


def warning_signs_in(text: str) -> Any:
    """Return the signs of something urgent in the text, or None. A search for them shows whom to call before all else.

    This app knows no such signs: another one registers a function that finds them, as the hook `WARNING_SIGNS`.
    """
    found = (find(text) for find in hooks.get_hooks(WARNING_SIGNS))
    return next((signs for signs in found if signs.names), None)


@read_only
def health(_request: HttpRequest) -> HttpResponse:
    """Say that the process is up; asks neither the database nor the cache."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


def server_error(_request: HttpRequest) -> HttpResponse:
    """Show whom to call, from the last known copy: the database may be what is broken.

    In that case the answer is 503, which search engines and caches take as temporary.
    """
    error = sys.exc_info()[1]
    # SQLite's error for a corrupt file is a bare `DatabaseError`; those that Django itself raises have no cause.
    is_corrupt = type(error) is DatabaseError and error.__cause__ is not None
    is_gone = is_corrupt or isinstance(error, (OperationalError, InterfaceError))
    status = HTTPStatus.SERVICE_UNAVAILABLE if is_gone else HTTPStatus.INTERNAL_SERVER_ERROR
    contact = contact_details()
    try:
        return HttpResponse(render_to_string("500.html", {"clinic": contact}), status=status)
    except Exception:
        # Whatever broke the page may have broken this template too; the visitor still gets a number to call.
        logger.exception("The error page could not be drawn.")
        headers = {"Content-Security-Policy": POLICY}
        return HttpResponse(plain_error_page(contact), status=status, headers=headers)
