"""What the clinic adds to Wagtail's admin."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import DismissibleMenuItem, MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from clinic.admin import dashboard, guide
from clinic.admin.editor import (
    LivePageLinkHandler,
    PageLinkInForm,
    approve_only_once,
    arrange,
    say_what_follows,
    say_where_it_stands,
)
from clinic.admin.users import refuse_administrators, warn_if_no_manager_stays
from clinic.models import BasePage
from clinic.models.details import CHANGED
from clinic.sign_in import devices, limits, people


class PermittedMenuItem(MenuItem):
    def __init__(self, permission: str, label: str, url: str, **options: Any) -> None:
        super().__init__(label, url, **options)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    url = reverse("admin:index")
    return PermittedMenuItem(settings.DESK_PERMISSION, "Enquiries", url, name="enquiries", icon_name="mail", order=50)


@hooks.register("register_settings_menu_item")
def sign_in_menu_item() -> MenuItem:
    url = reverse(people.URL_NAME)
    return PermittedMenuItem(people.PERMISSION, "Signing in", url, name="signing-in", icon_name="key", order=610)


@permission_required("wagtailcore.delete_site", raise_exception=True)
def refuse_to_delete_site(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, "A site cannot be deleted: the clinic's phone number and wording would go with it.")
    return redirect("wagtailsites:edit", pk)


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    return [
        path("signing-in/", people.PeopleView.as_view(), name=people.URL_NAME),
        path("guide/", guide.show, name="editors-guide"),
        path("guide/<slug:name>.jpg", guide.picture, name="editors-guide-picture"),
        path("sites/delete/<int:pk>/", refuse_to_delete_site),  # comes before Wagtail's own
    ]


@hooks.register("register_log_actions")
def sign_in_actions(actions: LogActionRegistry) -> None:
    actions.register_action(devices.SET_UP, "Set up second step", "Set up the second step of signing in")
    actions.register_action(devices.NEW_CODES, "Make recovery codes", "Made new recovery codes")
    actions.register_action(devices.CODE_USED, "Use a recovery code", "Signed in with a recovery code")
    actions.register_action(devices.REMOVED, "Remove second step", "Removed the second step of signing in")
    actions.register_action(CHANGED, "Change the clinic's details", "Changed the clinic's details")
    actions.register_action(limits.UNLOCKED, "Unlock", "Unlocked signing in after wrong passwords or codes")


@hooks.register("before_edit_page")
def fetch_for_editor(_request: HttpRequest, page: Page) -> None:
    if isinstance(page, BasePage):
        page.fetch_for_editor()


hooks.register("before_edit_page", approve_only_once)
hooks.register("before_edit_page", say_where_it_stands)
hooks.register("after_edit_page", say_what_follows)
hooks.register("after_create_page", say_what_follows)


@hooks.register("before_bulk_action")
def protect_users(request: HttpRequest, action_type: str, objects: QuerySet[Any], action: BulkAction) -> None:
    if action.model is get_user_model():
        refuse_administrators(request, objects)
        if action_type == "delete" or action.get_execution_context().get("mark_as_active") is False:
            warn_if_no_manager_stays(request, objects)


hooks.register("before_delete_user", lambda request, user: warn_if_no_manager_stays(request, [user]))


@hooks.register("construct_homepage_panels")
def arrange_dashboard(_request: HttpRequest, panels: list[Component]) -> None:
    """Put our panel in the place of Wagtail's list of pages to review, which approves them unread and unchecked."""
    others = (panel for panel in panels if not isinstance(panel, WorkflowObjectsToModeratePanel))
    panels[:] = [dashboard.DashboardPanel(), *others]


hooks.register(dashboard.HOOK, dashboard.sent_back, order=-10)
hooks.register(dashboard.HOOK, dashboard.approvals, order=20)
hooks.register(dashboard.HOOK, dashboard.pictures_set_aside, order=30)


@hooks.register("construct_page_action_menu")
def arrange_buttons(items: list[ActionMenuItem], _request: HttpRequest, context: dict[str, Any]) -> None:
    arrange(items, context.get("page"))


@hooks.register("construct_reports_menu")
def remove_dead_ends(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Remove reports that are always empty or name no one."""
    items[:] = [item for item in items if item.name not in {"aging-pages", "locked-pages"}]


@hooks.register("construct_help_menu")
def put_our_guide_first(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Replace Wagtail's guide, and the news that put a red number on everyone's menu."""
    own = MenuItem("Editors' guide", reverse("editors-guide"), name="editors-guide", icon_name="help")
    items[:] = [own, *(item for item in items if not isinstance(item, DismissibleMenuItem))]


@hooks.register("insert_global_admin_css")
def clinic_colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("clinic/css/wagtail-admin.css"))


@hooks.register("insert_global_admin_js")
def autosave() -> str:
    return format_html('<script src="{}"></script>', static("clinic/js/autosave.js"))


@hooks.register("insert_editor_js")
def editor_script() -> str:
    return format_html('<script src="{}"></script>', static("clinic/js/editor.js"))


# After Wagtail's own, which it replaces.
@hooks.register("register_rich_text_features", order=1)
def live_page_links(features: FeatureRegistry) -> None:
    features.register_link_type(LivePageLinkHandler)
    rules = features.converter_rules_by_converter["contentstate"]["link"]["from_database_format"]
    rules['a[linktype="page"]'] = PageLinkInForm("LINK")
