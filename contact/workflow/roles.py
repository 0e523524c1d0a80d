"""The three roles and their permissions, set after every `migrate`.

A permission that someone gave one of these groups by hand is gone after the next `migrate`: make another group for a
person with other duties.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

# Wagtail's buttons say “Submit to …” and “Resubmit to …” with this name.
WORKFLOW = "a manager"
PHYSIOTHERAPISTS = "Physiotherapists"
WAGTAILS_GROUPS = ("Moderators", "Editors")
WAGTAILS_WORKFLOW = "Moderators approval"

ADMIN_ACCESS = "wagtailadmin.access_admin"
# The usual wait, at the desk alone: Wagtail asks for other permissions.
WAITS = ("clinic.view_practitionerpage", "clinic.change_practitionerpage")
ENQUIRIES = ("contact.view_enquiry", "contact.change_enquiry", "contact.view_message", "contact.change_message")
# Only the list of warning signs, which shows no enquiry.
REVIEW = "contact.review_redflag"
ANNOUNCEMENTS = "clinic.change_announcements"
MANAGING = (
    "clinic.change_clinicdetails",
    "clinic.change_searchwords",
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
    "auth.add_user",
    "auth.change_user",
    "auth.view_user",
    "contact.change_desksettings",
    "contact.export_enquiry",
    "contact.hold_enquiry",
    "contact.erase_enquiry",
    "contact.view_enquiryevent",
    "contact.view_purgerun",
    "contact.view_job",
    *(
        f"contact.{action}_{model}"
        for model in ("redflag", "replytext")
        for action in ("add", "change", "delete", "view")
    ),
)
FILES = tuple(f"wagtailimages.{action}_image" for action in ("add", "change", "choose"))


@dataclass(frozen=True)
class Role:
    """Permissions as `app.codename`: in general, for all pages, and for all pictures."""

    name: str
    permissions: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


ROLES = (
    Role(
        PHYSIOTHERAPISTS,
        (ADMIN_ACCESS, ANNOUNCEMENTS, REVIEW),
        ("wagtailcore.add_page", "wagtailcore.change_page"),
        FILES,
    ),
    Role("Reception", (*ENQUIRIES, *WAITS)),
    Role(
        "Managers",
        (ADMIN_ACCESS, ANNOUNCEMENTS, *ENQUIRIES, *WAITS, *MANAGING),
        tuple(f"wagtailcore.{action}_page" for action in ("add", "change", "publish", "bulk_delete", "lock", "unlock")),
        FILES,
    ),
)


def set_roles(using: str = "default", **_kwargs: Any) -> None:
    """Create or update the groups, their permissions and the approval workflow (`post_migrate`)."""
    with transaction.atomic(using=using):
        permissions = _permissions()
        root_page, root_collection = Page.get_first_root_node(), Collection.get_first_root_node()
        for role in ROLES:
            group, _ = Group.objects.get_or_create(name=role.name)
            group.permissions.set([permissions[name] for name in role.permissions])
            for manager, names, root in (
                (GroupPagePermission.objects, role.pages, {"page": root_page}),
                (GroupCollectionPermission.objects, role.files, {"collection": root_collection}),
            ):
                wanted = [permissions[name] for name in names]
                for permission in wanted:
                    manager.get_or_create(group=group, permission=permission, **root)
                manager.filter(group=group, **root).exclude(permission__in=wanted).delete()
        _make_workflow(root_page)
        _remove_wagtails_groups()


def _permissions() -> dict[str, Permission]:
    """Return each permission by name; Django creates those of later apps only after this signal."""
    names = {name for role in ROLES for name in (*role.permissions, *role.pages, *role.files)}
    for app in sorted({name.partition(".")[0] for name in names}):
        create_permissions(apps.get_app_config(app), verbosity=0)
    found = Permission.objects.select_related("content_type")
    by_name = {f"{one.content_type.app_label}.{one.codename}": one for one in found}
    return {name: by_name[name] for name in names}


def _make_workflow(root_page: Page) -> None:
    """Let a manager approve what a physiotherapist submits, in place of Wagtail's own workflow."""
    if WorkflowPage.objects.filter(page=root_page).exclude(workflow__name=WAGTAILS_WORKFLOW).exists():
        return  # made before; the clinic may have renamed it
    task = GroupApprovalTask.objects.create(name=WORKFLOW)
    task.groups.set([Group.objects.get(name="Managers")])
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=root_page, defaults={"workflow": workflow})


def _remove_wagtails_groups() -> None:
    """Remove the groups and the workflow of Wagtail's migrations, unless someone is in one of the groups."""
    unused = Group.objects.filter(name__in=WAGTAILS_GROUPS, user=None)
    if unused.filter(name="Moderators").exists():
        Workflow.objects.filter(name=WAGTAILS_WORKFLOW).delete()
        GroupApprovalTask.objects.filter(name=WAGTAILS_WORKFLOW).delete()
    unused.delete()
