"""Physiotherapists edit and submit pages, reception sees enquiries, managers do both and publish."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowPage

from contact.workflow.roles import ROLES, set_roles
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "edits", "publishes"),
    [("Physiotherapists", True, False), ("Managers", True, True), ("Reception", False, False), ("", False, False)],
)
def test_pages_and_pictures_are_edited_and_published_by_role(
    client: Client, role: str, edits: bool, publishes: bool
) -> None:
    person = make_person(role)
    tester = Page.objects.get(depth=2).specific.permissions_for_user(person)
    assert (tester.can_edit(), tester.can_publish()) == (edits, publishes)
    for action in ("add", "change", "choose"):
        assert image_policy.user_has_permission(person, action) is edits
    client.force_login(person)
    home = client.get(reverse("wagtailadmin_home"))
    assert (home.status_code == 200) is edits
    assert "whats-new-in-wagtail" not in home.content.decode()


def test_a_manager_approves_what_a_physiotherapist_submits() -> None:
    page = Page.objects.get(depth=2).specific
    workflow = page.get_workflow()
    assert workflow.name == "a manager"
    page.save_revision()
    state = workflow.start(page, make_person("Physiotherapists"))
    task = state.current_task_state.task.specific
    assert isinstance(task, GroupApprovalTask)
    manager = make_person("Managers")
    assert [name for name, *_ in task.get_actions(page, manager)] == ["reject", "approve", "approve"]
    assert task.get_actions(page, User.objects.get(username="physiotherapists")) == []
    state.current_task_state.approve(user=manager)
    state.refresh_from_db()
    assert state.status == state.STATUS_APPROVED


@pytest.mark.parametrize(("role", "first"), [("Physiotherapists", "Submit to a manager"), ("Managers", "Save draft")])
def test_the_first_button_in_the_editor_is_the_one_each_role_uses_most(client: Client, role: str, first: str) -> None:
    client.force_login(make_person(role))
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[Page.objects.get(depth=2).pk])).content.decode()
    buttons = editor[editor.index('class="footer') :]
    others = {"Submit to a manager", "Save draft", "Publish"} - {first}
    assert all(buttons.index(first) < buttons.index(other) for other in others if other in buttons)


def test_a_manager_opens_every_page_of_their_work_and_cannot_make_a_superuser(
    managers_desk: Client, manager: User
) -> None:
    forbidden = ("auth.change_group", "auth.delete_user", "contact.delete_enquiry")
    assert not any(manager.has_perm(name) for name in forbidden)
    add_user = reverse("wagtailusers_users:add")
    for address in (
        reverse("wagtailadmin_home"),
        reverse("wagtailusers_users:index"),
        add_user,
        reverse("wagtailredirects:index"),
        reverse("wagtailimages:index"),
        reverse("wagtailsettings:edit", args=["clinic", "clinicdetails"]),
        reverse("wagtailsettings:edit", args=["clinic", "searchwords"]),
    ):
        assert managers_desk.get(address, follow=True).status_code == 200, address
    person = {"username": "new", "email": "new@example.org", "first_name": "N", "last_name": "N"}
    words = {"password1": "long-words-42-a", "password2": "long-words-42-a", "is_superuser": "on"}
    managers_desk.post(add_user, person | words)
    assert not User.objects.filter(is_superuser=True).exists()


def test_the_groups_and_the_workflow_replace_those_of_wagtail_unless_someone_is_in_one() -> None:
    assert (
        set(Group.objects.values_list("name", flat=True)) == {"Physiotherapists", "Reception", "Managers"} == {*ROLES}
    )
    names = set(Workflow.objects.values_list("name", flat=True))
    assert "Moderators approval" not in names
    assert "a manager" in names
    assert GroupApprovalTask.objects.count() == 1
    assert WorkflowPage.objects.get().page.depth == 1
    editors = Group.objects.create(name="Editors")
    Group.objects.create(name="Moderators")
    make_person().groups.add(editors)
    Workflow.objects.filter(name="a manager").update(name="Our owner")
    import_module("contact.migrations.0019_workflow").make_workflow(apps, None)
    assert not Workflow.objects.filter(name="a manager").exists(), "what the clinic has renamed is not made again"
    assert set(Group.objects.values_list("name", flat=True)) == {*ROLES, "Editors"}


def test_migrate_resets_each_role_to_what_the_code_declares() -> None:
    def permissions() -> dict[str, set[str]]:
        return {g.name: set(g.permissions.values_list("codename", flat=True)) for g in Group.objects.all()}

    before = permissions()
    reception = Group.objects.get(name="Reception")
    reception.permissions.add(Permission.objects.get(codename="delete_enquiry"))
    reception.permissions.remove(Permission.objects.get(codename="view_enquiry"))
    publish = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(group=reception, page=Page.get_first_root_node(), permission=publish)
    set_roles()
    assert permissions() == before
    assert not GroupPagePermission.objects.filter(group=reception).exists()
