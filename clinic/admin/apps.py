"""The two admins' own apps, as the clinic configures them."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from wagtail.users.apps import WagtailUsersAppConfig


class ClinicUsersConfig(WagtailUsersAppConfig):
    """Wagtail's users, with who may change whom as the clinic wants it."""

    user_viewset = "clinic.admin.users.ClinicUserViewSet"


class ClinicAdminConfig(AdminConfig):
    """Django's admin as the clinic's desk."""

    default_site = "clinic.admin.site.ClinicAdminSite"

    def ready(self) -> None:
        super().ready()
        # Users and their roles have one place, Wagtail's settings, where `clinic.admin.users` guards them.
        # So has the second step (clinic/sign_in/people.py); django-otp would show everybody's secrets here.
        elsewhere = ("auth.User", "auth.Group", "otp_totp.TOTPDevice", "otp_static.StaticDevice")
        admin.site.unregister([apps.get_model(name) for name in elsewhere])
