"""Words for an enquiry that was erased while somebody wrote them: given back to be copied, and stored nowhere."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse

# Where a note, a call, the reason of a legal hold and a reply have theirs.
WORDS = ("note-text", "call-text", "hold_reason", "text")


def giving_back_words(model_admin: ModelAdmin, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view with a page of its own for words whose enquiry is gone; it raises `Http404` after its own check
    of who may write them.
    """

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, object_id: str) -> HttpResponse:
        try:
            return view(request, object_id)
        except Http404:
            words = "\n\n".join(typed for name in WORDS if (typed := request.POST.get(name, "").strip()))
            if not words:
                raise
        context = {**model_admin.admin_site.each_context(request), "title": "This enquiry was deleted", "words": words}
        template = "admin/contact/enquiry/lost_words.html"
        return TemplateResponse(request, template, context, status=HTTPStatus.GONE)

    return guarded
