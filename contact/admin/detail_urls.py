"""The pages of one enquiry beside its own: replies, mail once more, and who saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from contact.admin.lost_words import giving_back_words
from contact.admin.messages import resend_view
from contact.admin.replies import reply_view
from contact.admin.who_saw import search_view, who_saw_view
from contact.admin.writing import others_view, take_view, verdict_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin import ModelAdmin
    from django.http import HttpResponse
    from django.urls import URLPattern

    from contact.models import Enquiry


def detail_urls(admin: ModelAdmin[Enquiry]) -> list[URLPattern]:
    pages = (
        ("who-saw/", search_view, "who_saw_search"),
        ("who-saw/<str:reference>/", who_saw_view, "who_saw"),
        ("<path:object_id>/take/", take_view, "take"),
        ("<path:object_id>/verdict/", verdict_view, "verdict"),
        ("<path:object_id>/others/", others_view, "others"),
        ("<path:object_id>/reply/", reply_view, "reply"),
        ("<path:object_id>/resend/<int:message_pk>/", resend_view, "resend"),
    )
    return [
        path(route, admin.admin_site.admin_view(_whole(admin, name, view(admin))), name=f"contact_enquiry_{name}")
        for route, view, name in pages
    ]


def _whole(admin: ModelAdmin[Enquiry], name: str, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return giving_back_words(admin, view) if name == "reply" else view
