"""Filters of the lists, in words: Django would say “By is proven: Yes, No”."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin.views.main import ChangeList


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
