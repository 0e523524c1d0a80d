"""`manage.py work` as a process of its own, stopped and killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from contact.mail.outbox import Counts
from contact.management.commands import work
from contact.models import DeliveryAttempt, Message
from contact.monitoring.health import is_worker_alive
from tests.another_process import ROOT, environment
from tests.contact.factories import make_message
from tests.contact.mail_server import MailServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

in_other_processes = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def start_worker(mail_server: MailServer) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(*command: str) -> subprocess.Popen[str]:
        arguments = [sys.executable, "manage.py", *(command or ["work"]), "--interval", "0.2"]
        by_that_server = environment(EMAIL_URL=f"smtp://127.0.0.1:{mail_server.port}")
        worker = subprocess.Popen(arguments, cwd=ROOT, env=by_that_server, text=True, stdout=subprocess.PIPE)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.communicate()


def sent() -> bool:
    return Message.objects.unsent().count() == 0


@in_other_processes
def test_the_worker_sends_what_comes_in_while_it_watches(
    start_worker: Callable[..., subprocess.Popen[str]], mail_server: MailServer
) -> None:
    start_worker()
    message = make_message()
    until(sent)
    assert mail_server.taken == {message.message_id: 1}
    until(is_worker_alive)


@in_other_processes
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_stopped_finishes_its_current_message(
    start_worker: Callable[..., subprocess.Popen[str]], mail_server: MailServer, number: signal.Signals
) -> None:
    mail_server.seconds_of_silence = 1
    first, second = make_message(), make_message()
    worker = start_worker()
    until(DeliveryAttempt.objects.exists)
    worker.send_signal(number)
    assert worker.wait(timeout=20) == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.sent_at
    assert second.attempts == 0


@in_other_processes
def test_deliver_messages_can_watch_the_outbox_until_it_is_stopped(
    start_worker: Callable[..., subprocess.Popen[str]], mail_server: MailServer
) -> None:
    watch = start_worker("deliver_messages", "--watch")
    message = make_message()
    until(sent)
    assert mail_server.taken == {message.message_id: 1}
    assert not is_worker_alive()  # it runs no jobs
    watch.send_signal(signal.SIGTERM)
    said, _errors = watch.communicate(timeout=20)
    assert watch.returncode == 0
    assert said.splitlines()[0] == "Delivering messages."
    assert said.splitlines()[-1] == "Stopped."


@in_other_processes
def test_a_killed_worker_costs_at_most_a_second_copy_with_the_same_id(
    start_worker: Callable[..., subprocess.Popen[str]], mail_server: MailServer
) -> None:
    mail_server.seconds_of_silence = 1
    message = make_message()
    worker = start_worker()
    until(DeliveryAttempt.objects.exists)
    worker.kill()
    worker.wait()
    time.sleep(1.5)  # the server may still take what it was sent
    message.refresh_from_db()
    assert message.sent_at is None

    mail_server.seconds_of_silence = 0
    Message.objects.update(claimed_until=timezone.now())
    start_worker()
    until(sent)
    assert mail_server.taken[message.message_id] <= 2
    assert [attempt.outcome for attempt in message.delivery_attempts.all()] == ["sending", "sent"]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> work.Command:
    """The command within this process and thread: it runs no jobs, and it does not nap."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(work, "NAP", 0)
    monkeypatch.setattr(work.Command, "run_jobs", lambda _self: None)
    return work.Command(stdout=StringIO())


@pytest.mark.django_db
def test_the_worker_waits_while_the_database_is_down(
    command: work.Command, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[Any] = []

    def fail_twice(**_kwargs: Any) -> Any:
        rounds.append(1)
        if len(rounds) < 3:
            raise OperationalError("no such host db.example.org")
        command.stop()
        return Counts()

    monkeypatch.setattr(work, "deliver_due", fail_twice)
    command.handle(interval=0, once=False)
    assert len(rounds) == 3
    assert caplog.text.count("The database does not answer: OperationalError") == 2


@pytest.mark.django_db
def test_the_worker_ends_with_an_error_if_one_of_its_threads_fails(
    command: work.Command, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    error = ValueError("Sam Sample")

    def fail(_self: work.Command) -> None:
        raise error

    monkeypatch.setattr(work, "deliver_due", lambda **_kwargs: Counts())
    monkeypatch.setattr(work.Command, "run_jobs", fail)
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
