"""How people sign in: their passwords, the second step, and what is done about wrong ones (clinic/sign_in/)."""

from datetime import timedelta
from typing import Any

from clinic.settings import environment

LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "landing"
# Pages that an editor made private ask at the same door as the two admins.
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses who is locked out; lets nobody in by itself
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# A code from the phone after the password. Without it: only those are asked who have set it up themselves.
REQUIRE_SECOND_FACTOR = environment.read_flag("REQUIRE_SECOND_FACTOR", default=True)

# Wrong passwords and codes: so many from one address for one name, then none for a while.
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who keeps trying does not wait for ever
AXES_LOCKOUT_CALLABLE = "clinic.sign_in.limits.locked_out"
AXES_USERNAME_CALLABLE = "clinic.sign_in.limits.counted_name"
AXES_CLIENT_IP_CALLABLE = "clinic.sign_in.limits.counted_address"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "next", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False  # managers see it in the Wagtail admin, under Settings → Signing in
AXES_VERBOSE = False
