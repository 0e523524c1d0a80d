"""Reception and managers answer enquiries; managers alone export them, read the records and publish pages."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import GroupPagePermission, Page

from contact.models import Enquiry, EnquiryEvent, Entry, Message, PurgeRun
from contact.privacy.deletion import purge
from contact.workflow.roles import ROLES, set_roles
from tests.contact.admin.enquiry_page import address_of, stored
from tests.contact.factories import hours_ago, make_enquiry, make_message
from tests.factories import make_person

DESK = ("index", "contact_enquiry_changelist", "contact_message_changelist", "contact_enquiry_numbers")
MANAGERS = (
    "contact_enquiry_export", "contact_enquiry_who_saw_search", "contact_replytext_changelist",
    "contact_replytext_add", "contact_enquiryevent_changelist", "contact_purgerun_changelist",
    "contact_redflag_changelist", "contact_enquiry_safeguards", "contact_enquiry_person", "contact_job_changelist",
)  # fmt: skip


def make_records() -> list[Any]:
    """Return the record of a deletion, and the event of the enquiry that it deleted."""
    make_enquiry(status="closed", closed_at=hours_ago(24 * 91))
    return [purge(), EnquiryEvent.objects.get()]


def page_of(row: Any) -> str:
    return reverse(f"admin:contact_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize(
    ("role", "at_the_desk", "for_managers"),
    [("Managers", 200, 200), ("Reception", 200, 403), ("Physiotherapists", 403, 403), ("", 403, 403), (None, 302, 302)],
)
def test_each_role_uses_its_own_pages(client: Client, role: str | None, at_the_desk: int, for_managers: int) -> None:
    records, message = make_records(), make_message()
    of_desk = [reverse(f"admin:{name}") for name in DESK] + [page_of(message)]
    of_desk += [address_of(message.enquiry, page) for page in ("change", "history", "reply", "others")]
    of_managers = [reverse(f"admin:{name}") for name in MANAGERS] + [*map(page_of, records)]
    of_managers.append(reverse("admin:contact_enquiry_who_saw", args=[message.enquiry.reference]))
    if role is not None:  # else no one has signed in
        client.force_login(make_person(role))
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


def test_someone_who_may_only_view_enquiries_changes_nothing(client: Client) -> None:
    person = make_person("Reception")
    group = person.groups.get()
    group.permissions.remove(*group.permissions.filter(codename__in=("change_enquiry", "change_message")))
    client.force_login(person)
    enquiry = make_enquiry()
    assert "Log the call" not in client.get(address_of(enquiry)).content.decode()
    for page in ("change", "reply", "take", "verdict"):
        assert client.post(address_of(enquiry, page), {"note_text": "x"}).status_code == 403
    assert not Entry.objects.exists()


@pytest.mark.parametrize("model", [Enquiry, Message, EnquiryEvent, PurgeRun])
def test_not_even_a_superuser_adds_or_deletes_a_row_or_changes_a_record(client: Client, model: Any) -> None:
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


@pytest.mark.parametrize(
    ("role", "edits", "publishes"),
    [("Physiotherapists", True, False), ("Managers", True, True), ("Reception", False, False), ("", False, False)],
)
def test_pages_and_pictures_are_edited_by_role(client: Client, role: str, edits: bool, publishes: bool) -> None:
    person = make_person(role)
    tester = Page.objects.get(depth=2).specific.permissions_for_user(person)
    assert (tester.can_edit(), tester.can_publish()) == (edits, publishes)
    for action in ("add", "change", "choose"):
        assert image_policy.user_has_permission(person, action) is edits
    client.force_login(person)
    home = client.get(reverse("wagtailadmin_home"))
    assert (home.status_code == 200) is edits
    assert "whats-new-in-wagtail" not in home.content.decode()


def test_migrate_resets_each_role_to_what_the_code_declares() -> None:
    def permissions() -> dict[str, set[str]]:
        return {g.name: set(g.permissions.values_list("codename", flat=True)) for g in Group.objects.all()}

    before = permissions()
    assert before.keys() == ROLES.keys(), "none of Wagtail's own"
    reception = Group.objects.get(name="Reception")
    reception.permissions.add(Permission.objects.get(codename="delete_enquiry"))
    reception.permissions.remove(Permission.objects.get(codename="view_enquiry"))
    publish = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(group=reception, page=Page.get_first_root_node(), permission=publish)
    set_roles()
    assert permissions() == before
    assert not GroupPagePermission.objects.filter(group=reception).exists()


@pytest.mark.parametrize("is_taken_over", [True, False])
def test_whoever_deactivates_a_colleague_chooses_who_takes_over(
    as_manager: Client, receptionist: User, mo: User, is_taken_over: bool
) -> None:
    new, suspected, done = (make_enquiry(assigned_to=mo, status=one) for one in ("new", "suspected_spam", "answered"))
    address = reverse("wagtailusers_users:edit", args=[mo.pk])
    answers = {
        "username": mo.username, "email": mo.email, "first_name": "Mo", "last_name": "Muster",
        "groups": [group.pk for group in mo.groups.all()],
    }  # fmt: skip
    page = as_manager.post(address, answers).content.decode()
    asked = ("Who takes over from Mo Muster?", "2 open enquiries will go to")
    assert [words for words in asked if words not in page] == []
    mo.refresh_from_db()
    assert mo.is_active, "nothing has been saved yet"
    as_manager.post(address, answers | {"hand_over_to": str(receptionist.pk) if is_taken_over else ""})
    mo.refresh_from_db()
    assert not mo.is_active
    expected = receptionist if is_taken_over else None
    assert [stored(one, "assigned_to")[0] for one in (new, suspected, done)] == [expected, expected, mo]
    assert EnquiryEvent.objects.filter(reference=new.reference, kind="changed").exists()


def test_someone_with_open_enquiries_is_not_deactivated_among_others(as_manager: Client, mo: User) -> None:
    make_enquiry(assigned_to=mo)
    address = reverse("wagtail_bulk_action", args=["auth", "user", "set_active_state"])
    answer = as_manager.post(f"{address}?id={mo.pk}", {"mark_as_active": "False"}, follow=True)
    assert "Deactivate Mo Muster on their own page" in answer.content.decode()
    mo.refresh_from_db()
    assert mo.is_active
