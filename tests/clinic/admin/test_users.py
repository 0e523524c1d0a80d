import re
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from contact.mail.backend import password_reset_emails
from contact.models import Message
from tests import factories


def answers(user: User, **changes: Any) -> dict[str, Any]:
    groups = [group.pk for group in user.groups.all()] if user.pk else []
    name = {"first_name": "Kim", "last_name": "Sample"}
    return {"username": user.username, "email": user.email, **name, "is_active": "on", "groups": groups, **changes}


def test_a_manager_invites_a_user_with_a_role_who_chooses_the_password(client: Client, as_manager: Client) -> None:
    role = Group.objects.get(name="Reception")
    address = reverse("wagtailusers_users:add")
    page = client.get(address).text
    assert "password1" not in page
    roles = page.partition('id="tab-roles"')[2].partition("</section>")[0]
    assert "Physiotherapists" in roles
    assert "None" not in roles, "no empty field"
    newcomer = User(username="newcomer", email="newcomer@example.org")
    assert client.post(address, answers(newcomer, groups=[role.pk])).status_code == 302
    assert list(User.objects.get(username="newcomer").groups.all()) == [role]
    (letter,) = password_reset_emails("newcomer@example.org")
    assert "Your user name is:\nnewcomer" in letter.body
    link = re.search(r"http://testserver(/admin/password_reset/confirm/\S+)", str(letter.body))
    assert link
    client.logout()
    assert client.get(link[1], follow=True).context["validlink"]
    assert Message.objects.get().recipient == "newcomer@example.org"


def test_a_manager_cannot_make_an_administrator(as_manager: Client, physio: User) -> None:
    address = reverse("wagtailusers_users:edit", args=[physio.pk])
    assert "is_superuser" not in as_manager.get(address).text
    as_manager.post(address, answers(physio, is_superuser="on", first_name="Changed"))
    physio.refresh_from_db()
    assert physio.first_name == "Changed"
    assert not physio.is_superuser


def test_a_manager_cannot_change_an_administrators_password_nor_block_one(as_manager: Client, admin_user: User) -> None:
    password = "a password that no one else has"
    edit = reverse("wagtailusers_users:edit", args=[admin_user.pk])
    as_manager.post(edit, answers(admin_user, password1=password, password2=password))
    address = reverse("wagtail_bulk_action", args=["auth", "user", "set_active_state"])
    as_manager.post(f"{address}?id={admin_user.pk}", {"mark_as_active": "False"})
    admin_user.refresh_from_db()
    assert not admin_user.check_password(password)
    assert admin_user.is_active


def give_up_role(client: Client, user: User) -> str:
    address = reverse("wagtailusers_users:edit", args=[user.pk])
    return client.post(address, answers(user) | {"groups": []}, follow=True).text


def test_the_last_manager_cannot_give_up_the_role(as_manager: Client, manager: User) -> None:
    assert "This is the only manager." in give_up_role(as_manager, manager)
    assert manager.groups.exists()
    # Someone who has left does not count.
    colleague = factories.make_person("Managers", username="colleague")
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert "This is the only manager." in give_up_role(as_manager, manager)
    User.objects.filter(pk=colleague.pk).update(is_active=True)
    give_up_role(as_manager, manager)
    assert not manager.groups.exists()


def test_an_administrator_makes_another_and_is_told_of_whatever_removes_the_last_manager(
    admin_client: Client, manager: User
) -> None:
    admin_client.post(reverse("wagtailusers_users:edit", args=[manager.pk]), answers(manager, is_superuser="on"))
    manager.refresh_from_db()
    assert manager.is_superuser
    assert "The clinic has no manager now." in give_up_role(admin_client, manager)
    assert not manager.groups.exists()
    for way in ("users/delete/{}/", "bulk/auth/user/delete/?id={}", "bulk/auth/user/set_active_state/?id={}"):
        colleague, last = (
            factories.make_person("Managers", f"{name} of {way}") for name in ("a colleague", "the last")
        )
        for person, is_told in ((colleague, False), (last, True)):
            data = {"mark_as_active": "False", "next": "/admin/users/"}
            answer = admin_client.post(f"/admin/{way.format(person.pk)}", data, follow=True)
            assert ("The clinic has no manager now." in answer.text) is is_told
            assert not User.objects.filter(pk=person.pk, is_active=True).exists()
