import gc
import logging
import os
import re
import runpy
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from clinic.lib.logs import LineFormatter
from tests.deployment import DEPLOYMENT

ROOT = Path(__file__).resolve().parents[1]


def test_a_wrong_value_ends_the_start_with_one_line() -> None:
    environ = os.environ | DEPLOYMENT | {"SITE_URL": "clinic.example", "PORT": "0"}
    command = [sys.executable, "-m", "gunicorn"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "The site cannot start. SITE_URL: “clinic.example”" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("Invalid request from ip=192.0.2.1: Invalid HTTP request line: 'GET /search/?q=é'", ()),
        ("Error handling request %s %s", ("GET", "/search/?q=knee 192.0.2.1")),
    ],
)
def test_the_address_and_words_of_a_request_that_cannot_be_read_are_not_logged(
    monkeypatch: pytest.MonkeyPatch, message: str, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr(gc, "set_threshold", lambda *_numbers: None)
    conf = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, message, arguments, None)
    assert logging.getLogger("gunicorn.error").filter(record)
    assert "request" in record.getMessage()
    assert not re.search(r"192|knee|é", record.getMessage())
    logging.getLogger("gunicorn.error").removeFilter(conf["redact"])
    # The filter knows gunicorn's own words; if gunicorn changes them, this fails.
    source = find_spec("gunicorn.workers.base")
    assert source is not None
    assert re.split(r"192|%", message)[0] in Path(source.origin or "").read_text()


def test_the_link_for_a_new_password_is_in_no_log() -> None:
    path = "/admin/password_reset/confirm/MQ/ctq2ab-5f0c/"
    record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, "%(m)s %(U)s", ({"m": "GET", "U": path},), None)
    assert LineFormatter("%(message)s").format(record) == "GET /admin/password_reset/confirm/…"
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (path,), None)
    assert "ctq2ab" not in LineFormatter("%(message)s").format(record)
