"""The least that Django can do: one view, no middleware, two bytes. What `make bench` measures the site by.

The file is the settings, the addresses and the application in one.
"""

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

# `gunicorn.conf.py` reads it: the same access log as the site’s.
from clinic.settings.base import LOGGING  # noqa: F401  a setting

ROOT_URLCONF = __name__
ALLOWED_HOSTS = ["127.0.0.1"]
SECRET_KEY = "bare"
MIDDLEWARE: list[str] = []


def ok(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


def application() -> WSGIHandler:
    return get_wsgi_application()


urlpatterns = [path("", ok)]
