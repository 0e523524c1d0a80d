"""What treatments, conditions and the checks of pages add to the Wagtail admin."""

from itertools import compress
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet, TextField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin import compare
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.fields import StreamField
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page, PageLogEntry
from wagtail.query import PageQuerySet

from clinic.admin.dashboard import HOOK, MOST, DashboardItem, edit_url, may_edit_pages
from clinic.models.base import PUBLISH_HOOK
from services.checks import admin
from services.models import ClinicalReview, ConditionPage, ServicePage
from services.models.review import content_of
from services.models.review_form import Record
from services.reminders import licences, reviews
from services.wordpress import importing


def differs(block: Any, before: Any, after: Any) -> bool:
    return bool(content_of(block.get_prep_value(before)) != content_of(block.get_prep_value(after)))


class BlockComparison(compare.StreamBlockComparison):
    def get_block_comparisons(self) -> list[Any]:
        """Return the blocks that were changed, added or removed; all of them if only their order has changed."""
        found = super().get_block_comparisons()
        changed = (one.is_new() or one.is_deleted() or differs(one.block, one.val_a, one.val_b) for one in found)
        return [*compress(found, changed)] or found


class BodyComparison(compare.StreamFieldComparison):
    """What a reviewer sees: the difference, not the whole page."""

    def has_changed(self) -> bool:
        return differs(self.field.stream_block, self.val_a, self.val_b)

    def htmldiff(self) -> SafeString:
        return BlockComparison(self.field.stream_block, True, True, self.val_a, self.val_b).htmldiff()


class WordsComparison(compare.TextFieldComparison):
    """A browser posts other line ends than an import has."""

    def has_changed(self) -> bool:
        return bool(content_of(self.val_a) != content_of(self.val_b))


compare.register_comparison_class(StreamField, comparison_class=BodyComparison)
compare.register_comparison_class(TextField, comparison_class=WordsComparison)


def sign_off(page: ClinicalReview) -> str:
    if page.review_is_current:
        return "Valid"
    return "No longer valid" if page.last_reviewed else "None yet"


class ReviewedIndexView(ExplorableIndexView):
    """The list of treatments or of conditions in the admin."""

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


hooks.register("register_admin_viewset", ServiceViewSet)
hooks.register("register_admin_viewset", ConditionViewSet)


@hooks.register(HOOK, order=30)
def reviews_and_licences(person: User) -> list[DashboardItem]:
    due = [*reviews()[:MOST], *licences()[:MOST]] if may_edit_pages(person) else []
    return [DashboardItem(one.page.title, edit_url(one.page.pk), one.why) for one in due]


hooks.register(HOOK, admin.worst_problems, order=25)
hooks.register(PUBLISH_HOOK, admin.refuse_errors)
hooks.register("after_edit_page", admin.warn_of_errors)
hooks.register("after_create_page", admin.warn_of_errors)


@hooks.register("register_admin_urls")
def content_health_urls() -> list[URLPattern]:
    report = admin.ContentHealthView
    return [
        path("reports/content-health/", report.as_view(), name="content_health"),
        path("reports/content-health/results/", report.as_view(results_only=True), name="content_health_results"),
        path("content-checks/<int:page_id>/", admin.page_checks, name="page_checks"),
        path("content-checks/<int:page_id>/<str:key>/", admin.OverruleView.as_view(), name="overrule_check"),
    ]


class ContentHealthMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_edit_pages(request.user)


@hooks.register("register_reports_menu_item")
def content_health_menu_item() -> MenuItem:
    return ContentHealthMenuItem("Content health", reverse("content_health"), icon_name="glasses", order=100)


@hooks.register("before_bulk_action")
def refuse_bulk_publishing(
    request: HttpRequest, action_type: str, objects: QuerySet[Page], action: BulkAction
) -> HttpResponse | None:
    """Publish no page with errors: with “include subpages”, none below either."""
    if action.model is not Page or action_type != "publish" or request.method != "POST":
        return None
    pages = list(objects)
    if "include_descendants" in request.POST:
        pages += [below for page in objects for below in page.get_descendants().not_live()]
    if admin.refuse_pages(request, pages):
        return redirect("wagtailadmin_explore", pages[0].get_parent().pk)
    if any(issubclass(page.specific_class, ClinicalReview) for page in pages):
        messages.warning(request, "Publish treatments and conditions one by one: their form asks about the sign-off.")
        return redirect("wagtailadmin_home")
    return None


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    for record in Record:
        actions.register_action(record.value, record.label, record.label)

    @actions.register_action(admin.OVERRULED)
    class _Formatter(LogFormatter):
        label = "Overrule a check"

        def format_message(self, entry: PageLogEntry) -> str:
            return f"Overruled: {entry.data['text']}"

        def format_comment(self, entry: PageLogEntry) -> str:
            return str(entry.data["reason"])

    @actions.register_action(importing.ACTION)
    class _ImportFormatter(LogFormatter):
        label = "Import"

        def format_message(self, entry: PageLogEntry) -> str:
            return f"Imported from {entry.data['address']}, written by {entry.data['author']} on {entry.data['date']}"
