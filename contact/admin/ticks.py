"""What was ticked in a list: whole numbers, and nothing else that somebody may have posted.

A tick of the list of enquiries is `pk:revision`: it says what the person had before them, so that a colleague's change
since then is not undone unseen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from clinic.lib.ids import parse_pk

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, QueryDict

SEEN = "seen"


def tick(pk: int, revision: int) -> str:
    return f"{pk}:{revision}"


class TickedByNumber(admin.ModelAdmin):
    """Django hands to the database whatever was posted as a tick, and fails on what is no number."""

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        posted: Any = request.POST.copy()
        ticks = posted.getlist(ACTION_CHECKBOX_NAME)
        numbers = [typed.partition(":")[0] for typed in ticks]
        posted.setlist(ACTION_CHECKBOX_NAME, [number for number in numbers if parse_pk(number) is not None])
        posted.setlist(SEEN, ticks)
        request.POST = posted
        return super().response_action(request, queryset, *args, **kwargs)


def revisions(posted: QueryDict) -> dict[int, int | None]:
    """Return the revision of each one that was ticked, by its number; None where none was posted with it."""
    ticks = (typed.partition(":") for typed in posted.getlist(SEEN))
    return {number: parse_pk(seen) for pk, _, seen in ticks if (number := parse_pk(pk)) is not None}
