"""How long people wait for a first visit with each physiotherapist: what reception keeps of their pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clinic.models import PractitionerPage
from contact.admin.base import DeskAdmin


@admin.register(PractitionerPage)
class WaitAdmin(DeskAdmin):
    list_display = ("title", "usual_wait", "new_patients")
    list_editable = ("usual_wait",)
    fields = ("usual_wait",)
    actions: Any = None

    def save_model(self, request: HttpRequest, obj: PractitionerPage, form: Any, change: bool) -> None:
        obj.save(update_fields=["usual_wait"])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return False
