"""The roles of `roles.toml` and their permissions, set after every `migrate`.

A permission that someone gave one of these groups by hand is gone after the next `migrate`: make another group for a
person with other duties. The workflow in which managers approve pages is made once, by a migration.
"""

import tomllib
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

ROLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
PHYSIOTHERAPISTS = "Physiotherapists"


def set_roles(using: str = "default", **_kwargs: Any) -> None:
    """Create or update the groups and their permissions (`post_migrate`)."""
    with transaction.atomic(using=using):
        permissions = _permissions()
        root_page, root_collection = Page.get_first_root_node(), Collection.get_first_root_node()
        for name, role in ROLES.items():
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set([permissions[name] for name in role["permissions"]])
            for manager, names, root in (
                (GroupPagePermission.objects, role["pages"], {"page": root_page}),
                (GroupCollectionPermission.objects, role["pictures"], {"collection": root_collection}),
            ):
                wanted = [permissions[name] for name in names]
                for permission in wanted:
                    manager.get_or_create(group=group, permission=permission, **root)
                manager.filter(group=group, **root).exclude(permission__in=wanted).delete()


def _permissions() -> dict[str, Permission]:
    """Return each permission by name; Django creates those of later apps only after this signal."""
    names = {name for role in ROLES.values() for of_a_kind in role.values() for name in of_a_kind}
    for app in sorted({name.partition(".")[0] for name in names}):
        create_permissions(apps.get_app_config(app), verbosity=0)
    found = Permission.objects.select_related("content_type")
    by_name = {f"{one.content_type.app_label}.{one.codename}": one for one in found}
    return {name: by_name[name] for name in names}
