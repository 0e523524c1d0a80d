"""Managers manage the clinic's users, but cannot create or change an administrator.

Wagtail lets everyone who may change users tick “Administrator”; here only administrators may. The last manager cannot
give up that role, and an administrator who takes it away is warned: no one could then manage users, enquiries and
settings.
"""

from collections.abc import Iterable
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest
from wagtail.admin.views.account import get_password_reset_form
from wagtail.users.forms import UserCreationForm
from wagtail.users.views import users as wagtail_users

MANAGES_USERS = "auth.change_user"
LAST_MANAGER = "This is the only manager. Make someone else a manager first: the clinic needs one."
NO_MANAGER = (
    "The clinic has no manager now. Make someone a manager, to approve pages, change settings and help colleagues."
)


def refuse_administrators(request: HttpRequest, users: Iterable[User]) -> None:
    """Raise `PermissionDenied` if one of the users is an administrator and the requesting user is not."""
    if not request.user.is_superuser and any(user.is_superuser for user in users):
        raise PermissionDenied


def without_administrator_box(request: HttpRequest, form: ModelForm) -> ModelForm:
    if not request.user.is_superuser:
        form.fields.pop("is_superuser", None)
    return form


def are_all_managers(users: Iterable[User]) -> bool:
    """Return whether these are all of the managers, that is, of those who may change users."""
    backend = "django.contrib.auth.backends.ModelBackend"
    managers = User.objects.with_perm(MANAGES_USERS, backend=backend, include_superusers=False)
    return managers.exists() and not managers.exclude(pk__in=[user.pk for user in users]).exists()


def warn_if_no_manager_stays(request: HttpRequest, leaving: Iterable[User]) -> None:
    """Only an administrator can get here: no one deletes or deactivates themselves."""
    if are_all_managers(leaving):
        messages.warning(request, NO_MANAGER)


def ends_management(form: ModelForm) -> bool:
    """Return whether no one would be a manager after this form is saved."""
    if not are_all_managers([form.instance]):
        return False
    groups = form.cleaned_data.get("groups", Group.objects.none())
    app, codename = MANAGES_USERS.split(".")
    manages = groups.filter(permissions__content_type__app_label=app, permissions__codename=codename).exists()
    return not (form.instance.is_active and manages)


class InvitationForm(UserCreationForm):
    """New users choose their own password, by a link in a mail that works for `PASSWORD_RESET_TIMEOUT`."""

    password_enabled = False

    def save(self, commit: bool = True) -> User:
        self.instance.set_password(token_urlsafe())  # no link can be made for a user without a password
        user: User = super().save(commit)
        invitation = get_password_reset_form()({"email": user.email})
        if commit and invitation.is_valid():
            invitation.save()
        return user


class CreateView(wagtail_users.CreateView):
    success_message = "User “%(object)s” created. An invitation to choose a password is being sent."

    def get_form(self, *args: Any, **kwargs: Any) -> ModelForm:
        return without_administrator_box(self.request, super().get_form(*args, **kwargs))


class EditView(wagtail_users.EditView):
    def get_object(self, *args: Any, **kwargs: Any) -> User:
        user: User = super().get_object(*args, **kwargs)
        refuse_administrators(self.request, [user])
        return user

    def get_form(self, *args: Any, **kwargs: Any) -> ModelForm:
        return without_administrator_box(self.request, super().get_form(*args, **kwargs))

    def is_valid(self, form: ModelForm) -> bool:
        if form.is_valid() and ends_management(form):
            if self.request.user.is_superuser:
                messages.warning(self.request, NO_MANAGER)
            else:
                form.add_error("groups", LAST_MANAGER)
        return bool(super().is_valid(form))


class ClinicUserViewSet(wagtail_users.UserViewSet):
    add_view_class = CreateView
    edit_view_class = EditView

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return super().get_form_class(for_update) if for_update else InvitationForm
