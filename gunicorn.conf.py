"""How gunicorn runs the site: 2 processes of 4 threads, behind a web server on the same machine."""

import gc
import logging
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings.production")

wsgi_app = "clinic.wsgi"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# Measured with SQLite and with PostgreSQL: 16 clients at once, no enquiry lost (tests/load/).
workers = 2
worker_class = "gthread"
threads = 4

# Read once and shared: a process more takes half of the memory. `kill -HUP` therefore reads no new code.
preload_app = True

# A page makes thousands of objects and hardly a cycle. To look for cycles after each 700 objects, as Python does by
# itself, takes a twentieth of a page's processor time.
gc.set_threshold(10_000, 10, 10)

timeout = 60  # a first upload's renditions take seconds
graceful_timeout = 30
keepalive = 5
max_requests = 5000  # a leak in any library ends here …
max_requests_jitter = 500  # … and never in both processes at once

# A search of 10,000 characters is answered; the web server in front sets the limit for the world.
limit_request_line = 0

# Only the web server on this machine may say that a request came by HTTPS; from others the word is ignored.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
secure_scheme_headers = {"X-FORWARDED-PROTO": "https"}

# No door for remote control.
control_socket_disable = True

# Method, path, status, size and time. No address, no query string, no browser: what somebody with pain looked
# for is health information.
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
errorlog = "-"


def names_nobody(record: logging.LogRecord) -> bool:
    """Let each line of gunicorn's own through, without the address and the words of requests that it cannot read."""
    if str(record.msg).startswith("Invalid request from ip="):
        record.msg, record.args = "A request that could not be read was refused.", ()
    elif str(record.msg).startswith("Error handling request "):
        record.msg, record.args = "A request could not be answered.", ()
    return True


logging.getLogger("gunicorn.error").addFilter(names_nobody)

# End with one sentence, not with a traceback, where a setting is wrong: the first look at any reads them all.
try:
    settings.SECRET_KEY  # noqa: B018  reading it loads them
except ImproperlyConfigured as error:
    sys.exit(f"The site cannot start. {error}")


def pre_fork(_server: object, _worker: object) -> None:
    """Leave what is shared alone: the collector would write to each object, and with that copy it."""
    gc.freeze()
