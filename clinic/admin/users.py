"""Managers manage the clinic's users, but cannot create or change an administrator.

Wagtail lets everyone who may change users tick “Administrator”; here only administrators may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from wagtail.users.views import users as wagtail_users

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import User
    from django.forms import ModelForm
    from django.http import HttpRequest


def refuse_administrators(request: HttpRequest, users: Iterable[User]) -> None:
    """Raise `PermissionDenied` if one of the users is an administrator and the requesting user is not."""
    if not request.user.is_superuser and any(user.is_superuser for user in users):
        raise PermissionDenied


def without_administrator_box(request: HttpRequest, form: ModelForm) -> ModelForm:
    if not request.user.is_superuser:
        form.fields.pop("is_superuser", None)
    return form


class CreateView(wagtail_users.CreateView):
    def get_form(self, *args: Any, **kwargs: Any) -> ModelForm:
        return without_administrator_box(self.request, super().get_form(*args, **kwargs))


class EditView(wagtail_users.EditView):
    def get_object(self, *args: Any, **kwargs: Any) -> User:
        user: User = super().get_object(*args, **kwargs)
        refuse_administrators(self.request, [user])
        return user

    def get_form(self, *args: Any, **kwargs: Any) -> ModelForm:
        return without_administrator_box(self.request, super().get_form(*args, **kwargs))


class ClinicUserViewSet(wagtail_users.UserViewSet):
    add_view_class = CreateView
    edit_view_class = EditView
