"""`manage.py prove_enquiries`: through a real web server and a real mail server, and what it finds when they break."""

import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from contact.form import rendering
from contact.intake import submission
from contact.mail.outbox import deliver_due
from contact.models import Alarm, DeskSettings, Enquiry, Message, SyntheticCheck
from contact.models.monitoring import AlarmType
from contact.monitoring import synthetic_check
from tests.contact.mail_server import MailServer
from tests.contact.monitoring.conftest import WebServer
from tests.factories import make_clinic

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def prove(url: str, **options: Any) -> str:
    """Run the command and return its output."""
    output = StringIO()
    call_command("prove_enquiries", url=url, stdout=output, **options)
    return output.getvalue()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthetic_check, "POLL_SECONDS", 0.05)


@pytest.fixture
def worker(mail_server: MailServer) -> Iterator[None]:
    """Sends mail in the background, as `manage.py work` does."""
    stopping = threading.Event()

    def deliver() -> None:
        while not stopping.wait(0.1):
            deliver_due()
        connection.close()

    thread = threading.Thread(target=deliver)
    thread.start()
    yield
    stopping.set()
    thread.join()


@pytest.fixture
def public(live_server: LiveServer, settings: Settings) -> LiveServer:
    """The site at its own public address."""
    settings.SITE_URL = live_server.url
    return live_server


@pytest.mark.usefixtures("worker")
def test_a_check_that_passes_leaves_nothing_behind_ends_the_alarm_and_calls_the_outside_monitor(
    public: LiveServer, mail_server: MailServer, settings: Settings, web_server: WebServer
) -> None:
    with_form = [page.get_url_parts()[2] for page in make_clinic().values() if page.specific.shows_enquiry_form]
    Alarm.objects.create(kind=AlarmType.FORM_CHECK_FAILED)
    DeskSettings.objects.update_or_create(defaults={"proof_email": "proof@example.org"})
    settings.HEARTBEAT_URL = f"{web_server.url}/clinic"
    assert "Passed" in prove(public.url)
    check = SyntheticCheck.objects.get()
    assert (check.passed, {step["passed"] for step in check.steps}) == (True, {True})
    names = [step["step"] for step in check.steps]
    assert {*names[:-5]} == {f"form on {address}" for address in with_form} > {"form on /contact/"}
    assert names[-5:] == ["form on /enquiry/", "send", "receipt", "stored", "accepted by the mail server"]
    assert [taken["To"] for taken in mail_server.mails] == ["proof@example.org"]
    assert Enquiry.all_objects.count() == Message.objects.count() == 0
    assert web_server.paths == ["/clinic"]
    assert Alarm.objects.get().ended_at


@pytest.mark.usefixtures("mail_server")
def test_without_a_worker_it_raises_an_alarm(public: LiveServer, settings: Settings, web_server: WebServer) -> None:
    settings.HEARTBEAT_URL = web_server.url
    with pytest.raises(CommandError, match="accepted by the mail server: not within 0 seconds"):
        prove(public.url, wait=0.2)
    assert not SyntheticCheck.objects.get().passed
    assert Alarm.objects.get().kind == AlarmType.FORM_CHECK_FAILED
    assert Enquiry.all_objects.count() == 0
    assert web_server.paths == []


def test_a_check_fails_when_nothing_is_stored_or_a_field_is_lost(live_server: LiveServer) -> None:
    with patch.object(submission, "_store", side_effect=DatabaseError):
        assert synthetic_check.check_form(live_server.url).error == "send: answered 503"
    with patch.object(rendering, "form_html", return_value="<p>No Fields Found.</p>"):
        check = synthetic_check.check_form(live_server.url)
    assert check.error.startswith("form on /enquiry/: the form is missing name, email, phone")
    assert check.steps[-1]["passed"] is False


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ("<p>Hello</p>", "form on /enquiry/: the form is missing"),
        ("{form_without_address}", "form on /enquiry/: the form has no address to send to"),
        ("{form_to_another_host}", "send: the form is sent to another host, elsewhere.example"),
    ],
)
def test_another_page_is_not_the_form(live_server: LiveServer, web_server: WebServer, html: str, error: str) -> None:
    form = synthetic_check.ask("GET", f"{live_server.url}/enquiry/").text
    web_server.html = html.format(
        form_without_address=form.replace('action="/enquiry/"', ""),
        form_to_another_host=form.replace('action="/enquiry/"', 'action="https://elsewhere.example/enquiry/"'),
    )
    assert synthetic_check.check_form(web_server.url).error.startswith(error)
    assert Enquiry.all_objects.count() == 0


def test_the_daily_job_fails_without_an_answer_and_the_command_without_an_address(settings: Settings) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    with pytest.raises(synthetic_check.CheckFailedError, match=r"form on /enquiry/: no answer \(ConnectionError\)"):
        synthetic_check.daily_check()
    for address in ("clinic.example", "file:///etc/hostname", "https://"):
        with pytest.raises(CommandError, match="is not an address like"):
            prove(address)
    assert SyntheticCheck.objects.count() == 1


@pytest.mark.usefixtures("worker")
def test_a_check_through_another_address_is_a_trial_without_alarm_or_heartbeat(
    live_server: LiveServer, settings: Settings, web_server: WebServer
) -> None:
    settings.HEARTBEAT_URL = web_server.url
    settings.SITE_URL = "https://clinic.example"
    with pytest.raises(CommandError):
        prove("http://127.0.0.1:9")
    assert not Alarm.objects.exists()
    Alarm.objects.create(kind=AlarmType.FORM_CHECK_FAILED)
    assert "A trial: only a check through https://clinic.example counts" in prove(live_server.url)
    assert list(SyntheticCheck.objects.values_list("is_trial", "passed")) == [(True, True), (True, False)]
    assert Alarm.objects.filter(ended_at=None).exists()
    assert not SyntheticCheck.objects.conclusive().exists()
    assert web_server.paths == []


@pytest.mark.usefixtures("mail_server")
def test_an_interrupted_check_leaves_no_canary_and_no_alarm(public: LiveServer) -> None:
    interrupted = patch.object(synthetic_check.Visit, "wait_until_sent", side_effect=KeyboardInterrupt)
    with interrupted, pytest.raises(KeyboardInterrupt):
        prove(public.url)
    assert SyntheticCheck.objects.get().finished_at is None
    assert Enquiry.all_objects.count() == 0
    assert not Alarm.objects.exists()
