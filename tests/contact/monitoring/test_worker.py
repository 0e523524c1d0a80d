"""`manage.py work` as a process of its own, stopped and killed."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from contact.mail.outbox import Counts
from contact.management.commands import work
from contact.models import Message
from contact.monitoring import health
from contact.monitoring.health import is_worker_alive
from tests.another_process import ROOT, environment, wait_until
from tests.contact.factories import make_message
from tests.contact.mail_server import MailServer

in_other_processes = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def start_worker(mail_server: MailServer) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        arguments = [sys.executable, "manage.py", "work", "--interval", "0.2"]
        with_mail = environment(EMAIL_URL=f"smtp://127.0.0.1:{mail_server.port}")
        worker = subprocess.Popen(arguments, cwd=ROOT, env=with_mail, text=True, stdout=subprocess.PIPE)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.communicate()


def sent() -> bool:
    return Message.objects.unsent().count() == 0


@in_other_processes
def test_the_worker_sends_mail_as_it_comes_in_and_finishes_its_current_message_when_it_is_stopped(
    start_worker: Callable[[], subprocess.Popen[str]], mail_server: MailServer
) -> None:
    worker = start_worker()
    message = make_message()
    wait_until(sent)
    assert mail_server.taken == {message.message_id: 1}
    wait_until(is_worker_alive)
    mail_server.is_silent = True
    current, waiting = make_message(), make_message()
    wait_until(current.delivery_attempts.exists)
    worker.send_signal(signal.SIGTERM)
    mail_server.is_silent = False
    assert worker.wait(timeout=60) == 0
    current.refresh_from_db()
    waiting.refresh_from_db()
    assert current.sent_at
    assert waiting.attempts == 0


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> work.Command:
    """The command within this process and thread: it runs no jobs, has no heartbeat, and does not nap."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(work, "NAP", 0)
    monkeypatch.setattr(work.Command, "run_jobs", lambda _self: None)
    monkeypatch.setattr(health, "beat", lambda: None)
    return work.Command(stdout=StringIO())


@pytest.mark.django_db
def test_the_worker_waits_while_the_database_is_down(
    command: work.Command, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([OperationalError("no such host db.example.org")] * 2)

    def deliver(**_kwargs: Any) -> Counts:
        if failure := next(failures, None):
            raise failure
        command.stop()
        return Counts()

    monkeypatch.setattr(work, "deliver_due", deliver)
    command.handle(interval=0, once=False)
    assert caplog.text.count("The database does not answer: OperationalError") == 1


def test_delivering_with_watch_is_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    started = Mock(return_value=None)
    monkeypatch.setattr(work.Command, "handle", started)
    call_command("deliver_messages", "--watch")
    started.assert_called_once()


@pytest.mark.django_db
def test_the_worker_ends_with_an_error_if_one_of_its_threads_fails(
    command: work.Command, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(work, "deliver_due", lambda **_kwargs: Counts())
    monkeypatch.setattr(work.Command, "run_jobs", Mock(side_effect=ValueError("Sam Sample")))
    with pytest.raises(CommandError, match="The worker failed"):
        command.handle(interval=0, once=False)
    assert "The worker failed: ValueError" in caplog.text
    assert "Sam" not in caplog.text


@pytest.mark.django_db
def test_one_round_does_all_that_is_due() -> None:
    make_message()
    output = StringIO()
    call_command("deliver_messages", stdout=output)
    assert output.getvalue() == "1 sent, 0 failed and due again later.\n"
    message = make_message()
    call_command("work", once=True, stdout=StringIO())
    message.refresh_from_db()
    assert message.sent_at
    assert is_worker_alive()
