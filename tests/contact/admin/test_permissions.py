"""Reception and managers answer enquiries; managers alone export them, read the records and publish pages."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowPage

from contact.models import Enquiry, EnquiryEvent, Entry, Message, PurgeRun
from contact.privacy.deletion import purge
from contact.workflow.roles import ROLES, set_roles
from tests.contact.admin.enquiry_page import address_of
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person

pytestmark = pytest.mark.django_db
LIST = reverse("admin:contact_enquiry_changelist")
EXPORT = reverse("admin:contact_enquiry_export")
DESK = ("index", "contact_enquiry_changelist", "contact_message_changelist", "contact_enquiry_numbers")
MANAGERS = (
    "contact_enquiry_export", "contact_enquiry_who_saw_search", "contact_replytext_changelist",
    "contact_replytext_add", "contact_enquiryevent_changelist", "contact_purgerun_changelist",
    "contact_redflag_changelist", "contact_enquiry_safeguards", "contact_enquiry_person", "contact_job_changelist",
)  # fmt: skip


def sign_in(client: Client, role: str | None) -> None:
    """Sign in someone with this role, or with none if it is empty; `None` signs in no one."""
    if role is not None:
        client.force_login(make_person(role))


def make_records() -> tuple[PurgeRun, EnquiryEvent]:
    make_enquiry(status="closed", closed_at=hours_ago(24 * 91))
    run = purge()
    assert run
    return run, EnquiryEvent.objects.get()


def page_of(row: EnquiryEvent | Message | PurgeRun) -> str:
    return reverse(f"admin:contact_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize(
    ("role", "at_the_desk", "for_managers"),
    [
        ("Managers", 200, 200),
        ("Reception", 200, 403),
        ("Physiotherapists", 403, 403),
        ("", 403, 403),
        (None, 302, 302),
    ],
)
def test_each_role_opens_its_own_pages_and_changes_nothing_on_others(
    client: Client, role: str | None, at_the_desk: int, for_managers: int
) -> None:
    run, event = make_records()
    message = make_message()
    of_desk = [reverse(f"admin:{name}") for name in DESK] + [page_of(message)]
    of_desk += [address_of(message.enquiry, page) for page in ("change", "history", "reply", "others")]
    of_managers = [reverse(f"admin:{name}") for name in MANAGERS] + [page_of(run), page_of(event)]
    of_managers.append(reverse("admin:contact_enquiry_who_saw", args=[message.enquiry.reference]))
    sign_in(client, role)
    for pages, status in ((of_desk, at_the_desk), (of_managers, for_managers)):
        assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, status)
    if role is None:
        assert all("login" in client.get(page)["Location"] for page in (*of_desk, *of_managers))
    refused = of_managers if for_managers != 200 else []
    if at_the_desk != 200:
        of_desk += [address_of(message.enquiry, page) for page in ("take", "verdict")]
        refused += [*of_desk, address_of(message.enquiry, "resend", message.pk)]
    posted = {
        "action": "mark_closed", "index": "0", "_selected_action": [message.enquiry_id], "format": "csv",
        "call_outcome": "reached", "note_text": "x", "seen": "0", "status": "spam", "seen_revision": "0",
        "verdict": "spam", "attempts": "0", "email": "sam@example.com", "enquiry": [message.enquiry_id],
        "do": "erase-now",
    }  # fmt: skip
    kinds = set(EnquiryEvent.objects.values_list("kind", flat=True))
    for page in refused:
        assert client.post(page, posted).status_code == (302 if role is None else 403), page
    enquiry = Enquiry.objects.get(pk=message.enquiry_id)
    assert (enquiry.status, enquiry.revision, Entry.objects.count()) == ("new", 0, 0)
    assert set(EnquiryEvent.objects.values_list("kind", flat=True)) == kinds


def test_a_person_with_permission_to_view_only_sees_no_forms_and_changes_nothing(client: Client) -> None:
    person = make_person("Reception")
    group = person.groups.get()
    group.permissions.remove(*group.permissions.filter(codename__in=("change_enquiry", "change_message")))
    client.force_login(person)
    message = make_message(kind="patient_receipt", sent_at=hours_ago(2), attempts=1)
    html = client.get(address_of(message.enquiry)).content.decode()
    assert "Do you have time next week?" in html
    assert "Save" not in html
    assert "Log the call" not in html
    html = client.get(page_of(message)).content.decode()
    assert "Send it again" not in html
    for page in ("change", "reply", "take", "verdict"):
        assert client.post(address_of(message.enquiry, page), {"note_text": "x"}).status_code == 403
    assert not Entry.objects.exists()


@pytest.mark.parametrize("role", ["Managers", "Reception"])
def test_links_to_pages_for_managers_are_shown_to_managers_only(client: Client, role: str) -> None:
    enquiry = make_enquiry(topic="fees")
    sign_in(client, role)
    html = client.get(f"{LIST}?topic__exact=fees&show=all").content.decode()
    assert (f'href="{EXPORT}?topic__exact=fees&amp;show=all"' in html) is (role == "Managers")
    html = client.get(address_of(enquiry)).content.decode()
    assert (reverse("admin:contact_enquiry_who_saw", args=[enquiry.reference]) in html) is (role == "Managers")
    assert (client.post(EXPORT, {"format": "csv"}).status_code == 200) is (role == "Managers")
    assert EnquiryEvent.objects.filter(kind="exported").exists() is (role == "Managers")


@pytest.mark.parametrize("model", [Enquiry, Message, EnquiryEvent, PurgeRun])
def test_not_even_a_superuser_adds_or_deletes_a_row_or_changes_a_record(
    client: Client, model: type[Enquiry | Message | EnquiryEvent | PurgeRun]
) -> None:
    make_records()
    message = make_message()
    client.force_login(User.objects.create_superuser("root"))
    rows = list(model.objects.order_by("pk").values())
    pk = message.enquiry_id if model is Enquiry else rows[0]["id"]

    def address(page: str, *args: int) -> str:
        return reverse(f"admin:contact_{model._meta.model_name}_{page}", args=args)

    for page in (address("add"), address("delete", pk)):
        assert client.get(page).status_code == 403
        assert client.post(page, {"post": "yes", "detail": "x"}).status_code == 403
    if model is not Enquiry:
        changed = {"detail": "changed", "actor_name": "x", "recipient": "elsewhere@example.com"}
        assert client.post(address("change", pk), changed).status_code == 403
    client.post(address("changelist"), {"action": "delete_selected", "_selected_action": [pk], "post": "yes"})
    assert list(model.objects.order_by("pk").values()) == rows


# The roles


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


def test_the_groups_and_the_workflow_replace_those_of_wagtail() -> None:
    assert (
        set(Group.objects.values_list("name", flat=True)) == {"Physiotherapists", "Reception", "Managers"} == {*ROLES}
    )
    names = set(Workflow.objects.values_list("name", flat=True))
    assert "Moderators approval" not in names
    assert "a manager" in names
    assert GroupApprovalTask.objects.count() == 1
    assert WorkflowPage.objects.get().page.depth == 1


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
