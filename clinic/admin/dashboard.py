"""“What needs me now?” on the Wagtail admin's first page. Each room says its own part, by the hook `what_needs_me`.

A function that is registered for the hook takes the person and returns what waits for them, the most urgent first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.permissions import page_permission_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.models import AnonymousUser, User

HOOK = "what_needs_me"
# Of each kind; the lists behind them are longer.
MOST = 5


@dataclass(frozen=True)
class Need:
    """One line: what it is about, and in a few words why it waits for this person."""

    name: str
    address: str
    why: str


class NeedsPanel(Component):
    name = "what_needs_me"
    template_name = "clinic/admin/needs.html"
    order = 200  # before Wagtail's own

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        person = parent_context["request"].user
        return {"needs": [need for said in hooks.get_hooks(HOOK) for need in said(person)]}


def edit_address(number: int | str) -> str:
    return reverse("wagtailadmin_pages:edit", args=[number])


def may_edit_pages(person: User | AnonymousUser) -> bool:
    return page_permission_policy.user_has_permission(person, "change")


def approvals(person: User) -> list[Need]:
    """Return the pages that wait until this person has approved them."""
    waiting = TaskState.objects.reviewable_by(person).select_related("revision__user").order_by("started_at")
    return [
        Need(
            state.revision.object_str,
            edit_address(state.revision.object_id),
            f"Waits for your approval; {state.revision.user.get_username()} changed it"
            if state.revision.user
            else "Waits for your approval",
        )
        for state in waiting[:MOST]
    ]


def own_drafts(person: User) -> list[Need]:
    """Return the pages that this person changed last, and that nobody was asked to publish yet."""
    if not may_edit_pages(person):
        return []
    submitted = {
        int(number)
        for number in WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS).values_list(
            "object_id", flat=True
        )
    }
    mine = Page.objects.filter(has_unpublished_changes=True, latest_revision__user=person)
    return [
        Need(title, edit_address(number), "Your draft: the public does not see it yet")
        for number, title in mine.exclude(pk__in=submitted)
        .order_by("-latest_revision_created_at")
        .values_list("pk", "draft_title")[:MOST]
    ]
