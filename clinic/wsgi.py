"""The door for application servers; refuses to start a site whose checks fail, such as one whose form is broken."""

import os

from django.core.checks import run_checks
from django.core.checks.messages import ERROR
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings.production")

django_application = get_wsgi_application()

from clinic.lib.holidays import holidays_of  # noqa: E402 - as above
from clinic.page_cache.door import install  # noqa: E402 - it needs the models, which are there by now

application = install(django_application)

# 8 MB, read before the application server forks: its processes share them.
holidays_of(timezone.localdate().year)

# `runserver` runs the checks by itself, application servers do not.
_errors = [str(message) for message in run_checks() if message.level >= ERROR]
if _errors:
    raise ImproperlyConfigured("\n".join(_errors))
