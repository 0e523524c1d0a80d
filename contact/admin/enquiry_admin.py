"""Enquiries in the admin: the list, the page of each, and the pages around them. No one adds or deletes one by hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import admin
from django.urls import path
from django.views.decorators.http import require_http_methods

from contact.admin.activity_log import activity_search_view, activity_view
from contact.admin.enquiry_page import EnquiryPageAdmin
from contact.admin.export import export_view
from contact.admin.messages import resend_view
from contact.admin.persons import PersonView
from contact.admin.replies import reply_view
from contact.admin.reports import safeguards_view, statistics_view
from contact.models import Enquiry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from django.urls import URLPattern


@admin.register(Enquiry)
class EnquiryAdmin(EnquiryPageAdmin):
    def get_urls(self) -> list[URLPattern]:
        read, post = ["GET", "HEAD"], ["POST"]
        pages: dict[str, tuple[str, Callable[..., HttpResponseBase], list[str]]] = {
            "take": ("<path:object_id>/take/", self.take_view, post),
            "verdict": ("<path:object_id>/verdict/", self.verdict_view, post),
            "others": ("<path:object_id>/others/", self.viewers_view, read),
            "reply": ("<path:object_id>/reply/", partial(reply_view, self), ["GET", *post]),
            "resend": ("<path:object_id>/resend/<int:message_pk>/", partial(resend_view, self), post),
            "who_saw_search": ("who-saw/", partial(activity_search_view, self), read),
            "who_saw": ("who-saw/<str:reference>/", partial(activity_view, self), read),
            "export": ("export/", partial(export_view, self), [*read, *post]),
            "numbers": ("numbers/", partial(statistics_view, self), read),
            "person": ("person/", PersonView.as_view(admin_site=self.admin_site), [*read, *post]),
            "safeguards": ("safeguards/", partial(safeguards_view, self), read),
        }
        own = [
            path(
                route,
                self.admin_site.admin_view(require_http_methods(methods)(view)),
                name=f"contact_enquiry_{name}",
            )
            for name, (route, view, methods) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Enquiry | None = None) -> bool:
        return False
