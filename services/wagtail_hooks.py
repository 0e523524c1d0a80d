"""The dashboard item of treatments and conditions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from wagtail import hooks

from clinic.admin.dashboard import HOOK, MOST, DashboardItem, edit_url, may_edit_pages
from services.models import ConditionPage, ServicePage

if TYPE_CHECKING:
    from django.contrib.auth.models import User

REVIEW_AHEAD = timedelta(days=60)


@hooks.register(HOOK, order=30)
def reviews_due(person: User) -> list[DashboardItem]:
    """Return the published pages whose clinical review is overdue or due soon, the longest overdue first."""
    if not may_edit_pages(person):
        return []
    today = timezone.localdate()
    columns = ("review_due", "pk", "draft_title")
    due = sorted(
        row
        for model in (ServicePage, ConditionPage)
        for row in model.objects.live()
        .filter(review_due__lte=today + REVIEW_AHEAD)
        .order_by("review_due")
        .values_list(*columns)[:MOST]
    )
    return [
        DashboardItem(
            title,
            edit_url(number),
            f"Its clinical review {'was' if day < today else 'is'} due on {date_format(day)}",
        )
        for day, number, title in due[:MOST]
    ]
