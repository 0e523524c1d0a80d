"""The apps of the two admins, configured for the clinic."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from wagtail.users.apps import WagtailUsersAppConfig


class ClinicUsersConfig(WagtailUsersAppConfig):
    user_viewset = "clinic.admin.users.ClinicUserViewSet"


class ClinicAdminConfig(AdminConfig):
    default_site = "clinic.admin.site.ClinicAdminSite"

    def ready(self) -> None:
        super().ready()
        # Users and roles are managed only in Wagtail's settings, where `clinic.admin.users` protects administrators,
        # and second steps under “Signing in”. django-otp's own lists would show everyone's secrets. Anyone at
        # the desk could merge tags.
        others = ("otp_totp.TOTPDevice", "otp_static.StaticDevice", "taggit.Tag", "wagtaildocs.Document")
        for name in ("auth.User", "auth.Group", *others):
            admin.site.unregister(apps.get_model(name))
