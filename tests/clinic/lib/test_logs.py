import json
import logging
import sys
from datetime import datetime

import pytest

from clinic.lib.logs import JsonFormatter, LineFormatter, log_failure, with_request_id

FORGED = "2026-01-01 00:00:00,000 ERROR clinic All enquiries were deleted"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x1b[2K", "\x85", "\u2028"])
def test_an_entry_cannot_be_forged(end: str) -> None:
    try:
        raise ValueError(f"x{end}{FORGED}")  # noqa: TRY301  the message is the point
    except ValueError:
        raised = sys.exc_info()
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (f"/x{end}{FORGED}",), raised)
    message, *trace = LineFormatter("%(message)s").format(record).splitlines()
    assert message.startswith("Not Found: /x\\")
    assert message.endswith(FORGED)
    assert "\x1b" not in message
    assert not any(line.startswith("2026") for line in trace)


def test_a_failure_is_logged_with_its_place_but_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("Jane Doe")  # noqa: TRY301  the message is the point
    except ValueError as error:
        log_failure("Sending failed", error)
    text = LineFormatter("%(message)s").format(caplog.records[0])
    assert text.startswith("Sending failed: ValueError\n")
    assert "test_a_failure_is_logged" in text
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
    try:
        raise ValueError("/password_reset/confirm/secret/")  # noqa: TRY301  the message is the point
    except ValueError:
        record = logging.LogRecord("clinic", logging.ERROR, "", 0, "Failed", (), sys.exc_info())
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert "secret" not in text
    assert "ValueError" in json.loads(text)["trace"]
