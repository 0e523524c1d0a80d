"""How gunicorn runs the site: 2 processes of 4 threads, behind a web server on the same machine."""

import gc
import logging
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings.production")

# First of all: the settings copy `.env` into the environment. If one is wrong, exit with one sentence, not a traceback.
try:
    settings.SECRET_KEY  # noqa: B018  reading any setting loads them all
except ImproperlyConfigured as error:
    sys.exit(f"The site cannot start. {error}")

wsgi_app = "clinic.wsgi"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# Measured on SQLite and on PostgreSQL with 16 concurrent clients: no enquiry is lost (tests/load/).
workers = 2
worker_class = "gthread"
threads = 4

# Loads the code once for both processes, which saves half the memory of one. `kill -HUP` therefore loads no new code.
preload_app = True

# A page makes thousands of objects and almost no reference cycles. Python's default, a collection every 700 objects,
# takes a twentieth of a page's CPU time.
gc.set_threshold(10_000, 10, 10)

timeout = 60  # a photograph of 25 MB takes time to arrive and to be read
graceful_timeout = 30
keepalive = 5
max_requests = 5000  # limits a memory leak in any library …
max_requests_jitter = 500  # … without restarting both processes at once

# No limit here, so that a search of 10,000 characters is answered; the web server in front sets one for the public.
limit_request_line = 0

# Which requests came by HTTPS is decided in clinic/lib/http.py: gunicorn knows only one proxy.
secure_scheme_headers: dict[str, str] = {}

# No remote control.
control_socket_disable = True

# Method, path, status, size and duration. No address, query string or browser: what someone in pain searched for is
# health information.
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(B)s %(M)sms"
# Logged as everything else is: the same time, request id and format.
_passed_on = {"level": "INFO", "handlers": [], "propagate": True}
logconfig_dict = settings.LOGGING | {
    "loggers": settings.LOGGING["loggers"] | {"gunicorn.error": _passed_on, "gunicorn.access": _passed_on}
}


def redact(record: logging.LogRecord) -> bool:
    """Remove the address and contents of a request from what gunicorn logs when it cannot read or answer it."""
    if str(record.msg).startswith("Invalid request from ip="):
        record.msg, record.args = "A request that could not be read was refused.", ()
    elif str(record.msg).startswith("Error handling request "):
        record.msg, record.args = "A request could not be answered.", ()
    return True


logging.getLogger("gunicorn.error").addFilter(redact)


def pre_fork(_server: object, _worker: object) -> None:
    """Exempt the shared objects from garbage collection, which would write to each one and so copy its memory."""
    gc.freeze()
