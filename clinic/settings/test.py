"""Settings of the tests: fast password hashing, mail in memory, separate files for each test process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "for-tests-only-" + "x" * 60)
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("EMAIL_URL", "memory:")
os.environ.setdefault("DEFAULT_FROM_EMAIL", "Test Clinic <clinic@example.org>")
os.environ.setdefault("SERVE_MEDIA", "true")
os.environ.setdefault("REQUIRE_SECOND_FACTOR", "false")

from clinic.settings.base import *

_files = Path(tempfile.mkdtemp(prefix="clinic-tests-"))
atexit.register(shutil.rmtree, _files, ignore_errors=True)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MEDIA_ROOT = _files / "media"
STATIC_ROOT = _files / "static"
STATE_DIR = _files / "state"
PAGE_COPIES_DIR = _files / "pages"
if DATABASES["default"]["ENGINE"] == "clinic.backends.sqlite":
    # A file as in production: a database in memory has no write lock and is not shared with other threads.
    DATABASES["default"]["TEST"] = {"NAME": str(_files / "test.sqlite3")}
