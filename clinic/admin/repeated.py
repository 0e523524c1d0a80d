"""A page that has what was posted in hidden fields, to post it again: nothing typed is lost, or stored meanwhile."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

# What belongs to the page, not to what was posted.
OWN_FIELDS = {"csrfmiddlewaretoken", "unlock_password"}


def repeat_page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return the page; `context["asks"]` says what it asks for."""
    posted = [(name, value) for name, values in request.POST.lists() if name not in OWN_FIELDS for value in values]
    shared = {**admin.site.each_context(request), "posted": posted, "address": request.get_full_path()}
    response = render(request, "admin/repeat.html", shared | context, status=status)
    add_never_cache_headers(response)
    return response
