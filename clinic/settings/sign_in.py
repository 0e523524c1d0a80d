"""Signing in: passwords, the second step, and limits on failed attempts (clinic/sign_in/)."""

from datetime import timedelta
from typing import Any

from clinic.settings.environment import flag, read

LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "landing"
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # only refuses those who have to wait
    "django.contrib.auth.backends.ModelBackend",
]
_validators = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_validators}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validators}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validators}.CommonPasswordValidator"},
    {"NAME": f"{_validators}.NumericPasswordValidator"},
    {"NAME": "clinic.sign_in.passwords.EasyPasswordValidator"},
]

# Ask everyone for a code from their phone after the password; if false, only those who have set it up.
REQUIRE_SECOND_FACTOR = read("REQUIRE_SECOND_FACTOR", flag, "true")

# django-axes records failed attempts; clinic/sign_in/limits.py decides who has to wait.
AXES_HANDLER = "clinic.sign_in.limits.Handler"
AXES_FAILURE_LIMIT = 1  # the handler counts the limits that are reached
AXES_COOLOFF_TIME = timedelta(days=1)  # older failures no longer count
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # what is forgotten after signing in
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # further attempts do not prolong the wait
AXES_LOCKOUT_CALLABLE = "clinic.sign_in.limits.wait_page"
AXES_USERNAME_CALLABLE = "clinic.sign_in.limits.counted_name"
AXES_CLIENT_IP_CALLABLE = "clinic.lib.client_ip.client_network"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "next", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False  # managers see the records in the Wagtail admin, under Settings → Signing in
AXES_VERBOSE = False
