"""“What needs me” on the home page of Wagtail's admin.

Other apps add to it with the hook `dashboard_items`: a function that takes the user and returns `DashboardItem`s,
the most urgent first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.images.permissions import permission_policy
from wagtail.models import Page, TaskState, WorkflowState, get_page_models
from wagtail.permissions import page_permission_policy

from clinic.models.image import MOST_ATTEMPTS, ClinicImage

HOOK = "dashboard_items"
# For each kind of item but those that wait for this user.
MOST = 5


@dataclass(frozen=True)
class DashboardItem:
    title: str
    url: str
    reason: str


class DashboardPanel(Component):
    name = "attention"
    template_name = "clinic/admin/dashboard.html"
    order = 200  # before Wagtail's own panels

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user = parent_context["request"].user
        items = [item for items_for in hooks.get_hooks(HOOK) for item in items_for(user)]
        return {"items": items, "new_pages": new_pages(user)}


def edit_url(pk: int | str) -> str:
    return reverse("wagtailadmin_pages:edit", args=[pk])


def new_pages(user: User) -> list[tuple[str, str]]:
    """Return the kinds of pages that this user can add to a list of its own, and the addresses of their forms."""
    kinds = {model: model.creatable_subpage_models() for model in get_page_models() if model.max_count == 1}
    lists = Page.objects.type(*(model for model, below in kinds.items() if len(below) == 1)).order_by("path")
    return [
        (meta.verbose_name, reverse("wagtailadmin_pages:add", args=[meta.app_label, meta.model_name, one.pk]))
        for one in lists
        for meta in [kinds[one.specific_class][0]._meta]
        if one.permissions_for_user(user).can_add_subpage()
    ]


def may_edit_pages(user: User | AnonymousUser) -> bool:
    return page_permission_policy.user_has_permission(user, "change")


def approvals(user: User) -> list[DashboardItem]:
    """Return all pages that are waiting for this user, the longest waiting first; a task may name what it asks for."""
    waiting = TaskState.objects.reviewable_by(user).select_related("revision", "workflow_state__requested_by")
    items = []
    for state in waiting.order_by("started_at"):
        author, asked = state.workflow_state.requested_by, getattr(state.task.specific, "asked_for", "approval")
        reason = f"Waiting for your {asked}" + (f", submitted by {author.get_username()}" if author else "")
        items.append(DashboardItem(state.revision.object_str, edit_url(state.revision.object_id), reason))
    return items


def changes_asked(task: TaskState) -> str:
    return f"{task.finished_by or 'A manager'} asks for changes" + (f": “{task.comment}”" if task.comment else "")


def sent_back(user: User) -> list[DashboardItem]:
    """Return the pages of this user that were sent back, the latest first, with the reason."""
    waiting = WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES, requested_by=user)
    tasks = TaskState.objects.filter(pk__in=waiting.values("current_task_state")).order_by("-finished_at")[:MOST]
    return [
        DashboardItem(task.revision.object_str, edit_url(task.revision.object_id), changes_asked(task))
        for task in tasks.select_related("revision", "finished_by")
    ]


def pictures_set_aside(user: User) -> list[DashboardItem]:
    """Return the pictures that visitors do not see, because their files cannot be read."""
    if not permission_policy.user_has_permission(user, "change"):
        return []
    found = ClinicImage.objects.filter(failed_attempts__gte=MOST_ATTEMPTS).values_list("pk", "title")[:MOST]
    reason = "Visitors do not see this picture, because its file cannot be read: upload it again"
    return [DashboardItem(title, reverse("wagtailimages:edit", args=[pk]), reason) for pk, title in found]
