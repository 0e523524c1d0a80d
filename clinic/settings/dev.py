"""Settings of `make run`: for this machine only; mail is printed to the terminal. They do not read `.env`."""

import os

os.environ.setdefault("SECRET_KEY", "for-development-on-this-machine-only-" + "x" * 40)
os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
os.environ.setdefault("EMAIL_URL", "console:")
os.environ.setdefault("DEFAULT_FROM_EMAIL", "Fireweed Physiotherapy <hello@fireweed.example.org>")
os.environ.setdefault("SERVE_MEDIA", "true")
os.environ.setdefault("REQUIRE_SECOND_FACTOR", "false")

from clinic.settings import environment
from clinic.settings.base import *

# False, so that error pages are the site's own; `DEBUG=true make run` shows Django's, with tracebacks.
DEBUG = environment.read("DEBUG", environment.flag, "false")
DEMO_USERS = True
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
PAGE_CACHE_BYTES = 0  # changes to templates and style sheets show at once
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
