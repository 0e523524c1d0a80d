"""The lists of treatments and conditions in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets.pages import PageViewSet

from services.models import ConditionPage, ServicePage

if TYPE_CHECKING:
    from services.models import ClinicalReview


def sign_off(page: ClinicalReview) -> str:
    if page.review_is_current:
        return "Valid"
    return "No longer valid" if page.last_reviewed else "None yet"


class ServiceViewSet(PageViewSet):
    model = ServicePage
    columns = [
        *(column for column in ExplorableIndexView.base_columns if column.name not in {"parent", "type"}),
        Column("sign_off", label="Sign-off", accessor=sign_off, width="12%"),
        Column("review_due", label="Review due", accessor=lambda page: page.review_due or "", sort_key="review_due"),
    ]


class ConditionViewSet(ServiceViewSet):
    model = ConditionPage
