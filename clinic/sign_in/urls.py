"""Signing in to both admins. Before theirs, and below Wagtail's, whose policy the pages need."""

from django.urls import path

from clinic.sign_in import steps
from clinic.sign_in.door import SignInView, landing

urlpatterns = [
    path("landing/", landing, name="landing"),
    path("django-admin/login/", SignInView.as_view()),
    path("admin/login/", SignInView.as_view()),
    path("admin/login/code/", steps.code, name="second_step_code"),
    path("admin/login/set-up/", steps.set_up, name="second_step_set_up"),
    path("admin/login/mine/", steps.mine, name="second_step"),
    path("admin/login/leave/", steps.leave, name="leave_second_step"),
]
