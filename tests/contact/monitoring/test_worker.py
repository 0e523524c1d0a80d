"""`manage.py work` as a process of its own, stopped and killed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any
from unittest.mock import patch

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
def worker(mail_server: MailServer) -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "manage.py", "work", "--interval", "0.2"]
    with_mail = environment(EMAIL_URL=f"smtp://127.0.0.1:{mail_server.port}")
    started = subprocess.Popen(arguments, cwd=ROOT, env=with_mail, text=True, stdout=subprocess.PIPE)
    yield started
    started.kill()
    started.communicate()


@in_other_processes
def test_the_worker_sends_what_comes_in_and_finishes_its_message_when_it_is_stopped(
    worker: subprocess.Popen[str], mail_server: MailServer
) -> None:
    message = make_message()
    wait_until(lambda: not Message.objects.unsent().exists())
    assert mail_server.taken == {message.message_id: 1}
    wait_until(is_worker_alive)
    mail_server.is_silent = True
    current, waiting = make_message(), make_message()
    wait_until(current.delivery_attempts.exists)
    worker.send_signal(signal.SIGTERM)
    mail_server.is_silent = False
    assert worker.wait(timeout=60) == 0
    assert [*Message.objects.filter(attempts__gt=0)] == [*Message.objects.exclude(sent_at=None)] == [message, current]
    assert Message.objects.unsent().get() == waiting


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


def test_the_worker_waits_while_the_database_is_down(command: work.Command, caplog: pytest.LogCaptureFixture) -> None:
    down = OperationalError("no such host db.example.org")

    def deliver(**_kwargs: Any) -> Counts:
        if delivering.call_count > 2:
            command.stop()
            return Counts()
        raise down

    with patch.object(work, "deliver_due", side_effect=deliver) as delivering:
        command.handle(interval=0, once=False)
    assert caplog.text.count("The database does not answer: OperationalError") == 1


def test_delivering_with_watch_is_the_worker() -> None:
    with patch.object(work.Command, "handle", return_value=None) as started:
        call_command("deliver_messages", "--watch")
    started.assert_called_once()


def test_the_worker_fails_if_one_of_its_threads_does(command: work.Command, caplog: pytest.LogCaptureFixture) -> None:
    jobs = patch.object(work.Command, "run_jobs", side_effect=ValueError("Sam Sample"))
    mail = patch.object(work, "deliver_due", return_value=Counts())
    with jobs, mail, pytest.raises(CommandError, match="The worker failed"):
        command.handle(interval=0, once=False)
    assert "The worker failed: ValueError" in caplog.text
    assert "Sam" not in caplog.text


def test_one_round_does_all_that_is_due() -> None:
    make_message()
    output = StringIO()
    call_command("deliver_messages", stdout=output)
    assert output.getvalue() == "1 sent, 0 failed and due again later.\n"
    make_message()
    call_command("work", once=True, stdout=StringIO())
    assert not Message.objects.unsent().exists()
    assert is_worker_alive()
