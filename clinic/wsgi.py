"""The entry point for application servers. The site does not start if its checks fail, as with a broken form."""

import os

from django.core.checks import run_checks
from django.core.checks.messages import ERROR
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings.production")

django_application = get_wsgi_application()

from clinic.lib.http import with_visited_address  # noqa: E402  as above
from clinic.lib.logs import with_request_id  # noqa: E402  as above
from clinic.lib.opening_hours import holidays_of  # noqa: E402  as above
from clinic.page_cache.middleware import with_page_cache  # noqa: E402  it needs the models, which are loaded by now

application = with_request_id(with_visited_address(with_page_cache(django_application)))

# 8 MB, read before the application server forks: its processes share them.
holidays_of(timezone.localdate().year)

# `runserver` runs the checks; application servers do not.
_errors = [str(message) for message in run_checks() if message.level >= ERROR]
if _errors:
    raise ImproperlyConfigured("\n".join(_errors))
