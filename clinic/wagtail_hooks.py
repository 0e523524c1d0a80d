"""What the clinic adds to Wagtail's admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import DismissibleMenuItem, MenuItem
from wagtail.models import Page

from clinic.admin import dashboard, protected_pages
from clinic.admin.rich_text import LivePageLinkHandler
from clinic.admin.site import DESK_PERMISSION
from clinic.admin.users import refuse_administrators
from clinic.sign_in import devices, limits
from clinic.sign_in.people import ADDRESS, MAY_MANAGE, PeopleView

if TYPE_CHECKING:
    from typing import Any

    from django.contrib.auth.models import User
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponseRedirect
    from wagtail.admin.action_menu import ActionMenuItem
    from wagtail.admin.ui.components import Component
    from wagtail.admin.views.bulk_action import BulkAction
    from wagtail.log_actions import LogActionRegistry
    from wagtail.rich_text.feature_registry import FeatureRegistry


class DeskMenuItem(MenuItem):
    """The way from the pages to the enquiries, for those who may see them."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(DESK_PERMISSION)


@hooks.register("register_admin_menu_item")
def enquiries_menu_item() -> MenuItem:
    return DeskMenuItem("Enquiries", reverse("admin:index"), name="enquiries", icon_name="mail", order=50)


class SignInMenuItem(MenuItem):
    """How colleagues sign in, for those who keep the users."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_MANAGE)


@hooks.register("register_settings_menu_item")
def sign_in_menu_item() -> MenuItem:
    return SignInMenuItem("Signing in", reverse(ADDRESS), name="signing-in", icon_name="key", order=610)


@hooks.register("register_admin_urls")
def sign_in_addresses() -> list[URLPattern]:
    return [path("signing-in/", PeopleView.as_view(), name=ADDRESS)]


@hooks.register("register_log_actions")
def sign_in_actions(actions: LogActionRegistry) -> None:
    actions.register_action(devices.SET_UP, "Set up second step", "Set up the second step of signing in")
    actions.register_action(devices.NEW_CODES, "Make recovery codes", "Made new recovery codes")
    actions.register_action(devices.CODE_USED, "Use a recovery code", "Signed in with a recovery code")
    actions.register_action(devices.TAKEN_AWAY, "Take away second step", "Took away the second step of signing in")
    actions.register_action(limits.UNLOCKED, "Unlock", "Unlocked signing in after wrong passwords or codes")


@hooks.register("before_bulk_action")
def refuse_bulk_action_on_administrators(
    request: HttpRequest, _action_type: str, chosen: QuerySet[User], action: BulkAction
) -> None:
    if action.model is get_user_model():
        refuse_administrators(request, chosen)


@hooks.register("before_delete_page")
def keep_the_first_page(request: HttpRequest, page: Page) -> HttpResponseRedirect | None:
    return protected_pages.refusal(request, "delete", [page])


@hooks.register("before_unpublish_page")
def keep_the_first_page_published(request: HttpRequest, page: Page) -> HttpResponseRedirect | None:
    return protected_pages.refusal(request, "unpublish", [page])


@hooks.register("before_bulk_action")
def keep_the_first_page_among_many(
    request: HttpRequest, action_type: str, chosen: QuerySet[Page], action: BulkAction
) -> HttpResponseRedirect | None:
    if action.model is Page and action_type in protected_pages.WHY_NOT:
        return protected_pages.refusal(request, action_type, chosen)
    return None


@hooks.register("register_admin_urls")
def delete_site_address() -> list[URLPattern]:
    return [protected_pages.delete_site_address()]


@hooks.register("construct_homepage_panels")
def what_needs_me_now(_request: HttpRequest, panels: list[Component]) -> None:
    panels.append(dashboard.NeedsPanel())


hooks.register(dashboard.HOOK, dashboard.approvals, order=20)
hooks.register(dashboard.HOOK, dashboard.own_drafts, order=40)


@hooks.register("construct_page_action_menu")
def submitting_comes_first(items: list[ActionMenuItem], _request: HttpRequest, _context: dict[str, Any]) -> None:
    """Make it the button of those who cannot publish: a saved draft alone reaches nobody."""
    if not any(item.name == "action-publish" for item in items):
        items.sort(key=lambda item: item.name != "action-submit")


@hooks.register("construct_help_menu")
def no_news_of_wagtail(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave out what would put a red number on everybody's menu; the guide is linked on the first page, too."""
    items[:] = [item for item in items if not isinstance(item, DismissibleMenuItem)]


@hooks.register("insert_global_admin_css")
def clinic_colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("clinic/css/wagtail-admin.css"))


# After Wagtail's own, which it replaces.
@hooks.register("register_rich_text_features", order=1)
def live_page_links(features: FeatureRegistry) -> None:
    features.register_link_type(LivePageLinkHandler)
