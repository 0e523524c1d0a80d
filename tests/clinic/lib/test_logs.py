import json
import logging
import sys
from datetime import datetime
from typing import Any

import pytest

from clinic.lib.logs import JsonFormatter, LineFormatter, log_failure, with_request_id

FORGED = "2026-01-01 00:00:00,000 ERROR clinic All enquiries were deleted"


def failure(message: str) -> Any:
    """Return what is logged of an exception with this message."""
    try:
        raise ValueError(message)  # noqa: TRY301  so that it has a traceback
    except ValueError:
        return sys.exc_info()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x1b[2K", "\x85", "\u2028"])
def test_an_entry_cannot_be_forged(end: str) -> None:
    forged = f"x{end}{FORGED}"
    record = logging.LogRecord("django", logging.WARNING, "", 0, "Not Found: /%s", (forged,), failure(forged))
    message, *trace = LineFormatter("%(message)s").format(record).splitlines()
    assert message.startswith("Not Found: /x\\")
    assert message.endswith(FORGED)
    assert "\x1b" not in message
    assert not any(line.startswith("2026") for line in trace)


def test_a_failure_is_logged_with_its_place_but_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    log_failure("Sending failed", failure("Jane Doe")[1])
    text = LineFormatter("%(message)s").format(caplog.records[0])
    assert text.startswith("Sending failed: ValueError\n")
    assert "in failure" in text
    assert caplog.records[0].exc_info
    assert not str(caplog.records[0].exc_info[1])


@pytest.mark.parametrize(("given", "is_used"), [("0123456789abcdef" * 2, True), ("", False), ("x\nforged", False)])
def test_what_is_logged_during_a_request_has_its_id_and_a_time(given: str, is_used: bool) -> None:
    logged: list[str] = []
    record = logging.LogRecord("clinic", logging.INFO, "", 0, "Page %s", ("/reset\n",), None)

    def application(_environ: dict[str, str], _start: object) -> None:
        logged.append(LineFormatter("%(asctime)s %(request_id)s %(message)s").format(record))
        logged.append(JsonFormatter().format(record))

    with_request_id(application)({"HTTP_X_REQUEST_ID": given}, print)
    at, used, _message = logged[0].split(" ", 2)
    assert datetime.fromisoformat(at).tzinfo
    assert (used == given) is is_used
    assert "forged" not in used
    entry = json.loads(logged[1])
    assert entry == {
        "time": at, "level": "INFO", "logger": "clinic", "request": used, "message": "Page /reset\n", "trace": None,
    }  # fmt: skip
    assert len(logged[1].splitlines()) == 1


def test_a_traceback_in_json_is_one_line_without_password_links() -> None:
    raised = failure("/password_reset/confirm/secret/")
    record = logging.LogRecord("clinic", logging.ERROR, "", 0, "Failed", (), raised)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert "secret" not in text
    assert "ValueError" in json.loads(text)["trace"]


def test_the_link_for_a_new_password_is_in_no_log() -> None:
    path = "/admin/password_reset/confirm/MQ/ctq2ab-5f0c/"
    record = logging.LogRecord("gunicorn.access", logging.INFO, "", 0, "%(m)s %(U)s", ({"m": "GET", "U": path},), None)
    assert LineFormatter("%(message)s").format(record) == "GET /admin/password_reset/confirm/…"
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (path,), None)
    assert "ctq2ab" not in LineFormatter("%(message)s").format(record)
