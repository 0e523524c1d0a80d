"""The page editor: rich text, its links to pages, and the buttons at the foot."""

import json
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length, Substr
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.converters.html_to_contentstate import PageLinkElementHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from clinic.admin.dashboard import changes_asked
from clinic.admin.permissions import autosaves_page
from clinic.models.base import LINK_COLUMNS, SUBMITS

# The page above another one.
ABOVE = Page.objects.filter(path=Substr(OuterRef("path"), 1, Length(OuterRef("path")) - Page.steplen)).values("pk")


class RichTextEditor(DraftailRichTextArea):
    """Wagtail's editor, with the form's initial value written exactly as the browser will write it.

    Wagtail sends the same content in a different layout, and the browser rewrites it when the editor starts. On a slow
    machine this counted as a change, which was then saved as a draft that no one had made.
    """

    def format_value(self, value: Any) -> str:
        content = json.loads(super().format_value(value))
        links = [link["data"] for link in content["entityMap"].values() if "id" in link["data"]]
        pages = Page.objects.annotate(parent_id=Subquery(ABOVE)).in_bulk([link["id"] for link in links])
        for link in links:
            if page := pages.get(link["id"]):
                link |= {"url": page.url, "parentId": page.parent_id}
        entities = {key: _pick(entity, ENTITY) for key, entity in content["entityMap"].items()}
        blocks = [
            _pick(block, BLOCK) | {"entityRanges": [_pick(one, ENTITY_RANGE) for one in block["entityRanges"]]}
            for block in content["blocks"]
        ]
        return json.dumps({"blocks": blocks, "entityMap": entities}, ensure_ascii=False, separators=(",", ":"))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the text as HTML; something that the editor did not write is kept as a paragraph, not an error."""
        try:
            return super().value_from_datadict(data, files, name)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return linebreaks(data[name], autoescape=True)


# The keys of Draft.js's content state, in the order in which Draftail's JavaScript writes them.
BLOCK = ("key", "text", "type", "depth", "inlineStyleRanges", "entityRanges", "data")
ENTITY = ("type", "mutability", "data")
ENTITY_RANGE = ("offset", "length", "key")


def _pick(source: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: source.get(name, {}) for name in names}


class PageLinkInForm(PageLinkElementHandler):
    """A link whose page `RichTextEditor` looks up, together with the others of its text."""

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        return {"id": int(attrs["id"]), "url": None, "parentId": None}


class LivePageLinkHandler(PageLinkHandler):
    """Leaves the words of a link to an unpublished page without the link; one query for each text with links."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, str]]) -> list[Page | None]:
        ids = [attrs.get("id", "") for attrs in attrs_list]
        pages = Page.objects.live().order_by().only(*LINK_COLUMNS).in_bulk([int(pk) for pk in ids if pk.isdecimal()])
        return [pages.get(int(pk)) if pk.isdecimal() else None for pk in ids]


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


def whose_turn(page: Page) -> str:
    """Return what a reviewer asks for, or who can act on a submitted page; empty for other pages."""
    task, state = page.current_workflow_task, page.current_workflow_state
    if task:
        return str(task.whose_turn(page)) if hasattr(task, "whose_turn") else f"Waiting for {task.name}."
    return changes_asked(state.current_task_state) if state else ""


def approve_only_once(request: HttpRequest, _page: Page) -> HttpResponse | None:
    """Refuse an automatic save that repeats an approval: it would save the page as it was before it was published."""
    repeats = "action-workflow-action" in request.POST and autosaves_page(request)
    return HttpResponse(status=HTTPStatus.CONFLICT) if repeats else None


def say_where_it_stands(request: HttpRequest, page: Page) -> None:
    """Say above the form whose turn it is, if it is not this user's."""
    if request.method == "GET" and (text := whose_turn(page)):
        task = page.current_workflow_task
        if not task or not task.get_actions(page, request.user):
            messages.warning(request, text)


def say_what_follows(request: HttpRequest, page: Page) -> None:
    """After a page was submitted, approved or sent back, say whose turn it is: Wagtail says only that it is saved."""
    if request.POST.keys() & {*SUBMITS, "action-workflow-action"}:
        page = type(page).objects.get(pk=page.pk)  # not with the workflow as it was before
        is_later = page.go_live_at and page.go_live_at > timezone.now()
        messages.info(request, whose_turn(page) or f"It is published{' at the time that is set' if is_later else ''}.")
