"""The lists of treatments and conditions in the admin."""

from django.db.models import Count
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.query import PageQuerySet

from services.models import ClinicalReview, ConditionPage, ServicePage


def sign_off(page: ClinicalReview) -> str:
    if page.review_is_current:
        return "Valid"
    return "No longer valid" if page.last_reviewed else "None yet"


class ReviewedIndexView(ExplorableIndexView):
    def annotate_queryset(self, pages: PageQuerySet) -> PageQuerySet:
        return super().annotate_queryset(pages).annotate(problems=Count("checks"))


class ServiceViewSet(PageViewSet):
    model = ServicePage
    index_view_class = ReviewedIndexView
    columns = [
        *(column for column in ExplorableIndexView.base_columns if column.name not in {"parent", "type"}),
        Column("sign_off", label="Sign-off", accessor=sign_off, width="12%"),
        Column("review_due", label="Review due", accessor=lambda page: page.review_due or ""),
        Column("problems", label="Problems", accessor=lambda page: page.problems if page.live else "", width="10%"),
    ]


class ConditionViewSet(ServiceViewSet):
    model = ConditionPage
