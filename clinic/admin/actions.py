"""The buttons at the foot of the page editor."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.action_menu import ActionMenuItem


class ApprovalButtons(ActionMenuItem):
    """Approving as the large button, and sending back beside it."""

    def __init__(self, approve: ActionMenuItem, reject: ActionMenuItem, *, publishes: bool) -> None:
        super().__init__()
        approve.label = str(approve.label).removesuffix(" and Publish")  # Wagtail's, also after a whole sentence
        if publishes and approve.label == "Approve":  # the steps after it are skipped
            approve.label = "Approve and publish"
        self.approve, self.reject = approve, reject

    def render_html(self, context: dict[str, Any]) -> SafeString:
        return format_html("{}{}", self.approve.render_html(context), self.reject.render_html(context))


def arrange(items: list[ActionMenuItem], page: Any) -> None:
    """Put first what this user does with the page: approve it, or submit it. No one is notified of a saved draft."""
    by_name = {item.name: item for item in reversed(items)}  # of two buttons “approve”, the one without a comment
    if {"approve", "reject"} <= by_name.keys():
        buttons = ApprovalButtons(by_name["approve"], by_name["reject"], publishes=not page.needs_sign_off)
        items[:] = [buttons, *(item for item in items if item not in (buttons.approve, buttons.reject))]
    elif "action-publish" not in by_name:
        items.sort(key=lambda item: item.name != "action-submit")
