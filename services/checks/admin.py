"""What the Wagtail admin shows of the checks: beside a page's form, when a hit is overruled, and the report."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.generic import CreateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.blocks import StreamBlockValidationError
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from clinic.admin.dashboard import DashboardItem, edit_url, may_edit_pages
from clinic.lib.readability import HIGHEST_GRADE
from clinic.lib.spreadsheets import escape_formula
from clinic.models import BasePage
from clinic.models.base import SUBMITS, PageForm
from contact.statistics import Chart
from services.checks.pages import checks_of, errors_of, grade_of_page, readings
from services.models import Check, ConditionPage, Overruling, ServicePage

OVERRULED = "services.overrule"


def refuse_errors(form: PageForm) -> None:
    """Add the page's errors to the form, next to the fields that they are about."""
    blocks: dict[str, dict[int, list[str]]] = {}
    for check in errors_of(form.instance):
        sentence = f"{check.text} – {check.advice} Or overrule it under “Checks”, the glasses at the top right."
        if check.block is None:
            form.add_error(check.field if check.field in form.fields else None, sentence)
        else:
            blocks.setdefault(check.field, {}).setdefault(check.block, []).append(sentence)
    for field, found in blocks.items():
        errors = {block: ValidationError(sentences) for block, sentences in found.items()}
        form.add_error(field, StreamBlockValidationError(block_errors=errors))


def refuse_pages(request: HttpRequest, pages: Iterable[Page]) -> bool:
    """Return whether the latest draft of one of the pages has errors, and tell the user which."""
    drafts = (page.get_latest_revision_as_object() for page in pages)
    faulty = [draft for draft in drafts if isinstance(draft, BasePage) and errors_of(draft)]
    for draft in faulty:
        messages.error(request, f"“{draft.title}” cannot be published: see “Checks” beside its form.")
    return bool(faulty)


def warn_of_errors(request: HttpRequest, page: Page) -> None:
    """Tell an author what a manager cannot approve as it is."""
    for check in errors_of(page) if request.POST.keys() & SUBMITS and isinstance(page, BasePage) else ():
        messages.warning(request, f"It cannot be published like this: {check.text} – {check.advice}")


def may_overrule(page: Page, user: User | AnonymousUser) -> bool:
    task = page.current_workflow_task
    return page.permissions_for_user(user).can_publish() or bool(task and task.get_actions(page, user))


def page_to_check(request: HttpRequest, pk: int) -> Any:
    """Return the page's latest draft, for those who may edit it."""
    page = get_object_or_404(Page, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page.get_latest_revision_as_object()


def page_checks(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the checks of a draft; the editor fetches them after each time it was saved."""
    page = page_to_check(request, page_id)
    context = {
        "page": page,
        "checks": checks_of(page),
        "grade": grade_of_page(page),
        "goal": HIGHEST_GRADE,
        "readings": readings(page),
        "may_overrule": may_overrule(page, request.user),
    }
    return render(request, "services/admin/page_checks.html", context)


class OverruleView(CreateView):
    """Asks for the reason why a sentence may stay."""

    model = Overruling
    fields = ["reason"]
    template_name = "services/admin/overrule.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.page = page_to_check(request, kwargs["page_id"])
        if not may_overrule(self.page, request.user):
            raise PermissionDenied
        found = [check for check in errors_of(self.page) if check.key == kwargs["key"]]
        if not found:
            messages.warning(request, "This is no longer on the page, or it was overruled already.")
            return redirect(edit_url(self.page.pk))
        self.check = found[0]
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self.page, check=self.check, **kwargs)

    def form_valid(self, form: ModelForm) -> HttpResponse:
        decision = {"text": self.check.text, "reason": form.cleaned_data["reason"]}
        user: Any = self.request.user
        Overruling.objects.get_or_create(page_id=self.page.pk, key=self.check.key, defaults={**decision, "user": user})
        Check.objects.filter(page_id=self.page.pk, text=self.check.text).delete()
        log(instance=self.page, action=OVERRULED, user=user, data=decision)
        messages.success(self.request, "Overruled. Your reason is in the page’s history.")
        return redirect(edit_url(self.page.pk))


class CheckFilters(WagtailFilterSet):
    class Meta:
        model = Check
        fields = ["kind", "level"]


class ContentHealthView(ReportView):
    """The problems of all published pages and pictures, as the worker last found them."""

    model = Check
    page_title = "Content health"
    header_icon = "glasses"
    template_name = "services/admin/content_health.html"
    index_url_name, index_results_url_name = "content_health", "content_health_results"
    filterset_class = CheckFilters
    permission_policy = page_permission_policy
    any_permission_required = ["add", "change", "publish"]
    columns = [
        TitleColumn("title", label="Page or picture", get_url=lambda check: check.url),
        Column("level", label="Level", accessor="get_level_display"),
        Column("about", label="About", accessor="get_kind_display"),
        Column("text", label="Problem"),
        Column("advice", label="What helps"),
    ]
    list_export = ["title", "get_level_display", "get_kind_display", "text", "advice"]
    export_headings = dict(zip(list_export, (column.label for column in columns), strict=True))
    custom_value_preprocess = {str: dict.fromkeys(ReportView.FORMATS, escape_formula)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        overrulings = Overruling.objects.select_related("page", "user").order_by("-created_at")
        return super().get_context_data(reviews=reviews_due(timezone.localdate()), overrulings=overrulings, **kwargs)


def reviews_due(today: date) -> Chart:
    """Return how many reviews are due in each of the next twelve months; this month has the overdue ones too."""
    first = today.replace(day=1)
    months = [first + relativedelta(months=number) for number in range(12)]
    dates = (model.objects.live().values_list("review_due", flat=True) for model in (ServicePage, ConditionPage))
    counts = Counter(max((day or today).replace(day=1), first) for some in dates for day in some)
    rows = [[f"{month:%B %Y}", str(counts[month])] for month in months]
    title, series = "Clinical reviews due in the next twelve months", {"Reviews": [counts[month] for month in months]}
    return Chart("reviews", title, ["Month", "Pages"], rows, series)


def worst_problems(user: User) -> list[DashboardItem]:
    """Return the three worst problems of published pages, besides the reviews and licences that are listed anyway."""
    others = Check.objects.exclude(kind__in=(Check.Kind.LICENCE, Check.Kind.SIGN_OFF, Check.Kind.UNUSED))
    worst = others[:3] if may_edit_pages(user) else ()
    return [DashboardItem(check.title, check.url, check.text) for check in worst]
