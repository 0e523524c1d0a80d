"""Filters of the lists, in words: Django would say “By is proven: Yes, No”."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth import get_user_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.views.main import ChangeList
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from contact.models import EnquiryEvent

ITSELF = "the site itself"


def either(heading: str, yes: str, no: str) -> type[admin.BooleanFieldListFilter]:
    """Return the filter “By heading: All, yes, no” for a field that is true or false."""
    words = {"Yes": yes, "No": no}

    class Either(admin.BooleanFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = heading

        def choices(self, changelist: ChangeList) -> Iterator[Any]:
            for choice in super().choices(changelist):
                display = str(choice["display"])
                yield {**choice, "display": words.get(display, display)}

    return Either


class WhenFilter(admin.DateFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "when"


class ActorFilter(admin.SimpleListFilter):
    """By who works here now, and the site; who has left is found by the search."""

    title = "who"
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        names = get_user_model().objects.filter(is_active=True).order_by("username").values_list("username", flat=True)
        return [("-", ITSELF), *((name, name) for name in names)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[EnquiryEvent]) -> QuerySet[EnquiryEvent]:
        value = self.value()
        return queryset if value is None else queryset.filter(actor_name="" if value == "-" else value)
