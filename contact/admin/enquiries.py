"""Enquiries at the desk. Nobody adds or deletes one by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from contact.admin.detail import Detail
from contact.admin.listing import Listing
from contact.admin.urls import desk_urls
from contact.models import Enquiry

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern


@admin.register(Enquiry)
class EnquiryAdmin(Listing, Detail):
    def get_urls(self) -> list[URLPattern]:
        return [*desk_urls(self), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Enquiry | None = None) -> bool:
        return False
