"""Not every proof counts: not one that was interrupted, nor one through another address than the site's own."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from contact.models import Alarm, Enquiry, SyntheticCheck
from contact.models.monitoring import AlarmType
from contact.monitoring.synthetic_check import prover
from tests.another_process import environment, python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.live_server_helper import LiveServer

    from tests.contact.monitoring.listener import Listener

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.usefixtures("worker")
def test_through_another_address_it_is_a_trial_that_tells_nobody(
    live_server: LiveServer, settings: Any, listen: Callable[[], Listener]
) -> None:
    heartbeat = listen()
    settings.HEARTBEAT_URL = heartbeat.url
    settings.SITE_URL = "https://clinic.example"
    with pytest.raises(CommandError):
        call_command("prove_enquiries", url="http://127.0.0.1:9", stdout=StringIO())
    assert not Alarm.objects.exists(), "a mistyped address is nobody's alarm"
    Alarm.objects.create(kind=AlarmType.FORM_CHECK_FAILED)
    said = StringIO()
    call_command("prove_enquiries", url=live_server.url, stdout=said)
    assert "A trial: the desk and the alarm go by https://clinic.example alone." in said.getvalue()
    assert list(SyntheticCheck.objects.values_list("is_trial", "passed")) == [(True, True), (True, False)]
    assert Alarm.objects.active().exists(), "the public address is not proven by another one"
    assert not SyntheticCheck.objects.conclusive().exists()
    assert heartbeat.asked == []


@pytest.mark.parametrize(
    ("site", "address", "same"),
    [
        ("https://clinic.example", "https://Clinic.example/", True),
        ("https://clinic.example", "http://clinic.example", False),
        ("https://clinic.example", "https://clinic.example:8443", False),
        ("https://clinic.example", "http://127.0.0.1:8041", False),
        ("http://127.0.0.1:8000", "http://localhost:8041", True),
    ],
)
def test_the_site_is_known_by_its_scheme_and_host(settings: Any, site: str, address: str, same: bool) -> None:
    settings.SITE_URL = site
    assert prover.is_the_site(address) is same


@pytest.mark.usefixtures("mail_server")
def test_who_interrupts_it_has_proven_nothing(public: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted = []

    def interrupt(*_args: Any) -> None:
        assert Enquiry.all_objects.get().is_canary
        interrupted.append(connection.connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(prover.Walk, "wait_until_sent", interrupt)
    with pytest.raises(CommandError, match="Not proven: it was interrupted") as ended:
        call_command("prove_enquiries", url=public.url, stdout=StringIO())
    assert ended.value.returncode == 130
    assert connection.connection is not interrupted[0], "it may have been in the middle of a question"
    run = SyntheticCheck.objects.get()
    assert (run.passed, run.error, run.finished_at) == (False, "It was interrupted", None)
    assert Enquiry.all_objects.count() == 0
    assert not Alarm.objects.exists(), "the form was not found to be broken"
    assert not SyntheticCheck.objects.conclusive().exists()


def test_a_process_that_is_told_to_end_removes_its_canary(public: LiveServer) -> None:
    script = f"""
from django.core.management import call_command
call_command("prove_enquiries", url={public.url!r}, wait=60)
"""
    process = subprocess.Popen(python(script), env=environment(SITE_URL=public.url), stderr=subprocess.PIPE)
    until = time.monotonic() + 30
    while not Enquiry.all_objects.filter(is_canary=True).exists():
        assert time.monotonic() < until
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _said, errors = process.communicate(timeout=30)
    assert b"it was interrupted" in errors
    assert process.returncode != 0
    assert Enquiry.all_objects.count() == 0
    assert list(SyntheticCheck.objects.values_list("passed", "error")) == [(False, "It was interrupted")]


class Babbler:
    """Something that answers, and not by HTTP."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.babble, daemon=True).start()

    def babble(self) -> None:
        while True:
            try:
                asked, _address = self.socket.accept()
            except OSError:
                return
            with asked:
                asked.recv(65536)
                asked.sendall(b"220 mail.example.org ESMTP\r\n")


@pytest.fixture
def babbler() -> Iterator[Babbler]:
    babbler = Babbler()
    yield babbler
    babbler.socket.close()


def test_what_answers_but_not_by_http_is_found(babbler: Babbler) -> None:
    assert prover.prove(babbler.url).error == "form on /enquiry/: no answer (NotHttpError)"


@pytest.mark.usefixtures("worker")
def test_a_watcher_that_answers_no_http_takes_nothing_from_the_proof(
    public: LiveServer, settings: Any, babbler: Babbler
) -> None:
    settings.HEARTBEAT_URL = babbler.url
    assert prover.prove(public.url).passed
    assert SyntheticCheck.objects.conclusive()[0].passed
