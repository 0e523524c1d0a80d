"""Signing in to both admins. Included before their own URLs, and below /admin/, because the pages need its policy."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from clinic.sign_in import steps
from clinic.sign_in.login import LoginView, PasswordResetConfirmView, landing

urlpatterns = [
    path("landing/", landing, name="landing"),
    path("django-admin/login/", LoginView.as_view()),
    path("admin/login/", LoginView.as_view()),
    path("admin/password_reset/confirm/<uidb64>/<token>/", PasswordResetConfirmView.as_view()),
    path("admin/login/code/", steps.code, name="second_step_code"),
    path("admin/login/set-up/", steps.set_up, name="second_step_set_up"),
    path("admin/login/leave/", LogoutView.as_view(next_page="wagtailadmin_login"), name="leave_second_step"),
    path("admin/login/mine/", steps.mine, name="second_step"),
]
