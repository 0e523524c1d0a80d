"""Who may do what: three groups, made by migration and by nothing else.

The rows that Django makes only after a migration (permissions, content types) are made here when they are missing,
as Wagtail's own migrations do; Django then finds them by the same names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.apps.registry import Apps

# Its app, model, code name and name.
Permission = tuple[str, str, str, str]

# Wagtail's buttons say “Submit to …” and “Resubmit to …” with this name.
WORKFLOW = "a manager"
FIRST_WORKFLOW = "Manager approves"  # what migrations called it at first
WAGTAILS_GROUPS = ("Moderators", "Editors")
WAGTAILS_WORKFLOW = "Moderators approval"

ADMIN_ACCESS: Permission = ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin")
ENQUIRIES: tuple[Permission, ...] = (
    ("contact", "enquiry", "view_enquiry", "Can view enquiry"),
    ("contact", "enquiry", "change_enquiry", "Can change enquiry"),
    ("contact", "message", "view_message", "Can view outgoing e-mail"),
    ("contact", "message", "change_message", "Can change outgoing e-mail"),
)
# The list of words alone: it shows no enquiry.
REVIEW: Permission = ("contact", "redflag", "review_redflag", "Can review warning signs")
NOTICES: Permission = ("clinic", "notices", "change_notices", "Can change notices")
MANAGING: tuple[Permission, ...] = (
    ("clinic", "clinicdetails", "change_clinicdetails", "Can change clinic details"),
    ("clinic", "searchwords", "change_searchwords", "Can change search words"),
    ("wagtailredirects", "redirect", "add_redirect", "Can add redirect"),
    ("wagtailredirects", "redirect", "change_redirect", "Can change redirect"),
    ("wagtailredirects", "redirect", "delete_redirect", "Can delete redirect"),
    ("auth", "user", "add_user", "Can add user"),
    ("auth", "user", "change_user", "Can change user"),
    ("auth", "user", "view_user", "Can view user"),
    ("contact", "desksettings", "change_desksettings", "Can change enquiry desk"),
    ("contact", "enquiry", "export_enquiry", "Can export enquiries"),
    ("contact", "enquiry", "hold_enquiry", "Can put enquiries on legal hold"),
    ("contact", "enquiry", "erase_enquiry", "Can erase what a person sent"),
    ("contact", "enquiryevent", "view_enquiryevent", "Can view event"),
    ("contact", "purgerun", "view_purgerun", "Can view purge run"),
    ("contact", "proofrun", "view_proofrun", "Can view proof run"),
    ("contact", "job", "view_job", "Can view job"),
    ("contact", "alarm", "view_alarm", "Can view alarm"),
    *(
        ("contact", model, f"{action}_{model}", f"Can {action} {name}")
        for model, name in (("redflag", "warning sign"), ("replytext", "ready-made reply"))
        for action in ("add", "change", "delete", "view")
    ),
)
FILES: tuple[Permission, ...] = tuple(
    (app, model, f"{action}_{model}", f"Can {action} {model}")
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for action in ("add", "change", "choose")
)


def _page(*actions: str) -> tuple[Permission, ...]:
    names = {"bulk_delete": "Delete pages with children", "lock": "Lock/unlock pages you've locked"}
    names |= {"unlock": "Unlock any page", "publish": "Publish any page"}
    return tuple(
        ("wagtailcore", "page", f"{action}_page", names.get(action, f"Can {action} page")) for action in actions
    )


@dataclass(frozen=True)
class Role:
    name: str
    permissions: tuple[Permission, ...] = ()
    pages: tuple[Permission, ...] = ()
    files: tuple[Permission, ...] = ()


ROLES = (
    Role("Physiotherapists", (ADMIN_ACCESS, NOTICES, REVIEW), _page("add", "change"), FILES),
    Role("Reception", ENQUIRIES),
    Role(
        "Managers",
        (ADMIN_ACCESS, NOTICES, *ENQUIRIES, *MANAGING),
        _page("add", "change", "publish", "bulk_delete", "lock", "unlock"),
        FILES,
    ),
)


def make_roles(apps: Apps, _schema_editor: Any) -> None:
    """Make the groups with their permissions on all pages and files, and the workflow pages go through."""
    models = _Models(apps)
    root_page = models.get("wagtailcore", "Page").objects.get(depth=1)
    root_collection = models.get("wagtailcore", "Collection").objects.get(depth=1)
    page_permission = models.get("wagtailcore", "GroupPagePermission")
    file_permission = models.get("wagtailcore", "GroupCollectionPermission")
    for role in ROLES:
        group, _ = models.get("auth", "Group").objects.get_or_create(name=role.name)
        group.permissions.set([models.permission(wanted) for wanted in role.permissions])
        for wanted in role.pages:
            on_page = {"page": root_page, "permission": models.permission(wanted)}
            page_permission.objects.get_or_create(group=group, **on_page)
        for wanted in role.files:
            on_files = {"collection": root_collection, "permission": models.permission(wanted)}
            file_permission.objects.get_or_create(group=group, **on_files)
    _make_workflow(models, root_page)
    _remove_wagtails_groups(models)


def add_new_permissions(apps: Apps, _schema_editor: Any) -> None:
    """Give each group what its role has learnt since the database was made; nothing is taken away."""
    models = _Models(apps)
    for role in ROLES:
        group, _ = models.get("auth", "Group").objects.get_or_create(name=role.name)
        group.permissions.add(*(models.permission(wanted) for wanted in role.permissions))


def name_workflow_as_buttons_read(apps: Apps, _schema_editor: Any) -> None:
    """Rename the workflow and its task, unless somebody has named them otherwise."""
    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.filter(name=FIRST_WORKFLOW).update(name=WORKFLOW)


def remove_roles(apps: Apps, _schema_editor: Any) -> None:
    models = _Models(apps)
    models.get("wagtailcore", "Workflow").objects.filter(name=WORKFLOW).delete()
    models.get("wagtailcore", "GroupApprovalTask").objects.filter(name=WORKFLOW).delete()
    models.get("auth", "Group").objects.filter(name__in=[role.name for role in ROLES]).delete()


def _make_workflow(models: _Models, root_page: Any) -> None:
    """Let a manager approve what a physiotherapist submits, in place of the workflow Wagtail brings."""
    if models.get("wagtailcore", "Workflow").objects.filter(name=WORKFLOW).exists():
        return
    managers = models.get("auth", "Group").objects.get(name="Managers")
    task = models.get("wagtailcore", "GroupApprovalTask").objects.create(
        name=WORKFLOW, content_type=models.content_type("wagtailcore", "groupapprovaltask"), active=True
    )
    task.groups.set([managers])
    workflow = models.get("wagtailcore", "Workflow").objects.create(name=WORKFLOW, active=True)
    models.get("wagtailcore", "WorkflowTask").objects.create(workflow=workflow, task=task, sort_order=0)
    models.get("wagtailcore", "WorkflowPage").objects.update_or_create(page=root_page, defaults={"workflow": workflow})


def _remove_wagtails_groups(models: _Models) -> None:
    unused = models.get("auth", "Group").objects.filter(name__in=WAGTAILS_GROUPS, user=None)
    task = models.get("wagtailcore", "GroupApprovalTask").objects.filter(name=WAGTAILS_WORKFLOW)
    if unused.filter(name="Moderators").exists():
        models.get("wagtailcore", "Workflow").objects.filter(name=WAGTAILS_WORKFLOW).delete()
        task.delete()
    unused.delete()


class _Models:
    """Models as they were at the time of the migration."""

    def __init__(self, apps: Apps) -> None:
        self.get = apps.get_model

    def content_type(self, app: str, model: str) -> Any:
        found, _ = self.get("contenttypes", "ContentType").objects.get_or_create(app_label=app, model=model)
        return found

    def permission(self, wanted: Permission) -> Any:
        app, model, codename, name = wanted
        found, _ = self.get("auth", "Permission").objects.get_or_create(
            content_type=self.content_type(app, model), codename=codename, defaults={"name": name}
        )
        return found
