"""`manage.py prove_enquiries`: through a real web server and a real mail server, and what it finds when they break."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from contact.form import rendering
from contact.intake import submission
from contact.mail.outbox import deliver_due
from contact.models import Alarm, ContactPage, DeskSettings, Enquiry, Message, SyntheticCheck
from contact.models.monitoring import AlarmType
from contact.monitoring import form_client, synthetic_check
from tests.another_process import environment, python
from tests.contact.mail_server import MailServer
from tests.factories import make_clinic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.live_server_helper import LiveServer

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
def mail_server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


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
def public(live_server: LiveServer, settings: Any) -> LiveServer:
    """The site at its own public address."""
    settings.SITE_URL = live_server.url
    return live_server


class Listener:
    """The outside monitor at HEARTBEAT_URL, or a page in place of the site."""

    def __init__(self, html: str = "") -> None:
        self.asked: list[str] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *_args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    started: list[Listener] = []

    def start(html: str = "") -> Listener:
        started.append(Listener(html))
        return started[-1]

    yield start
    for listener in started:
        listener.server.shutdown()


@pytest.fixture
def not_http() -> Iterator[str]:
    """The address of something that answers, but not by HTTP."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                asked, _address = server.accept()
            except OSError:
                return
            with asked:
                asked.recv(65536)
                asked.sendall(b"220 mail.example.org ESMTP\r\n")

    threading.Thread(target=answer, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    server.close()


@pytest.mark.usefixtures("worker")
def test_a_check_that_passes_is_recorded_leaves_nothing_behind_and_calls_the_outside_monitor(
    public: LiveServer, mail_server: MailServer, settings: Any, listen: Callable[[], Listener]
) -> None:
    make_clinic()
    DeskSettings.objects.update_or_create(defaults={"proof_email": "proof@example.org"})
    monitor = listen()
    settings.HEARTBEAT_URL = f"{monitor.url}/clinic"
    assert "Passed" in prove(public.url)
    check = SyntheticCheck.objects.get()
    assert check.passed
    names = [step["step"] for step in check.steps]
    assert names[:2] == ["form on /services/ims-and-dry-needling/", "form on /contact/"]
    assert names[-5:] == ["form on /enquiry/", "send", "receipt", "stored", "accepted by the mail server"]
    assert all(step["passed"] for step in check.steps)
    assert [taken["To"] for taken in mail_server.mails] == ["proof@example.org"]
    assert Enquiry.all_objects.count() == Message.objects.count() == 0
    assert monitor.asked == ["/clinic"]


@pytest.mark.usefixtures("mail_server")
def test_without_a_worker_it_fails_and_raises_an_alarm(
    public: LiveServer, settings: Any, listen: Callable[[], Listener]
) -> None:
    monitor = listen()
    settings.HEARTBEAT_URL = monitor.url
    with pytest.raises(CommandError, match="accepted by the mail server: not within 0 seconds"):
        prove(public.url, wait=0.2)
    assert not SyntheticCheck.objects.get().passed
    assert Alarm.objects.get().kind == AlarmType.FORM_CHECK_FAILED
    assert Enquiry.all_objects.count() == 0
    assert monitor.asked == []


@pytest.mark.usefixtures("worker")
def test_the_next_check_that_passes_ends_the_alarm(public: LiveServer, settings: Any, not_http: str) -> None:
    Alarm.objects.create(kind=AlarmType.FORM_CHECK_FAILED)
    settings.HEARTBEAT_URL = not_http  # a broken monitor does not make the check fail
    prove(public.url)
    assert Alarm.objects.get().ended_at


def test_a_form_that_lost_a_field_is_found(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "form_html", lambda *_args, **_kwargs: "<p>No Fields Found.</p>")
    check = synthetic_check.check_form(live_server.url)
    assert check.error.startswith("form on /enquiry/: the form is missing name, email, phone")
    assert check.steps[-1]["passed"] is False


def test_an_enquiry_that_is_not_stored_is_found(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(submission, "_store", fail)
    assert synthetic_check.check_form(live_server.url).error == "send: answered 503"


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ("<p>Hello</p>", "form on /enquiry/: the form is missing"),
        ("{form_without_address}", "form on /enquiry/: the form has no address to send to"),
        ("{form_to_another_host}", "send: the form is sent to another host, elsewhere.example"),
    ],
)
def test_another_page_in_place_of_the_site_is_found(
    live_server: LiveServer, listen: Callable[[str], Listener], html: str, error: str
) -> None:
    form = form_client.get(f"{live_server.url}/enquiry/").html
    html = html.format(
        form_without_address=form.replace('action="/enquiry/"', ""),
        form_to_another_host=form.replace('action="/enquiry/"', 'action="https://elsewhere.example/enquiry/"'),
    )
    assert synthetic_check.check_form(listen(html).url).error.startswith(error)
    assert Enquiry.all_objects.count() == 0


def test_an_address_that_does_not_answer_by_http_is_found(not_http: str) -> None:
    assert synthetic_check.check_form("http://127.0.0.1:9").error == "form on /enquiry/: no answer (URLError)"
    assert synthetic_check.check_form(not_http).error == "form on /enquiry/: no answer (NotHttpError)"


@pytest.mark.parametrize("address", ["clinic.example", "file:///etc/hostname", "https://"])
def test_what_is_not_an_address_is_refused(address: str) -> None:
    with pytest.raises(CommandError, match="is not an address like"):
        prove(address)
    assert SyntheticCheck.objects.count() == 0


def test_the_daily_job_fails_with_the_check_so_that_it_is_tried_again(settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    with pytest.raises(synthetic_check.CheckFailedError):
        synthetic_check.daily_check()


def test_every_page_with_the_form_is_checked() -> None:
    pages = make_clinic()
    drawn = {page.get_url_parts()[2] for page in pages.values() if page.specific.shows_enquiry_form}
    assert set(synthetic_check.pages_with_the_form()) == drawn | {"/enquiry/"}
    assert ContactPage.shows_enquiry_form


# Which checks count


@pytest.mark.usefixtures("worker")
def test_a_check_through_another_address_is_a_trial_without_alarm_or_heartbeat(
    live_server: LiveServer, settings: Any, listen: Callable[[], Listener]
) -> None:
    monitor = listen()
    settings.HEARTBEAT_URL = monitor.url
    settings.SITE_URL = "https://clinic.example"
    with pytest.raises(CommandError):
        prove("http://127.0.0.1:9")
    assert not Alarm.objects.exists()
    Alarm.objects.create(kind=AlarmType.FORM_CHECK_FAILED)
    assert "A trial: only a check through https://clinic.example counts" in prove(live_server.url)
    assert list(SyntheticCheck.objects.values_list("is_trial", "passed")) == [(True, True), (True, False)]
    assert Alarm.objects.active().exists()
    assert not SyntheticCheck.objects.conclusive().exists()
    assert monitor.asked == []


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
def test_the_own_address_is_recognized_by_scheme_and_host(settings: Any, site: str, address: str, same: bool) -> None:
    settings.SITE_URL = site
    assert synthetic_check.is_own_address(address) is same


@pytest.mark.usefixtures("mail_server")
def test_an_interrupted_check_says_nothing_about_the_form(public: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupted = []

    def interrupt(*_args: Any) -> None:
        assert Enquiry.all_objects.get().is_canary
        interrupted.append(connection.connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(synthetic_check.Visit, "wait_until_sent", interrupt)
    with pytest.raises(CommandError, match="Failed: it was interrupted") as ended:
        prove(public.url)
    assert ended.value.returncode == 130
    assert connection.connection is not interrupted[0], "it may have been in the middle of a query"
    check = SyntheticCheck.objects.get()
    assert (check.passed, check.error, check.finished_at) == (False, "It was interrupted", None)
    assert Enquiry.all_objects.count() == 0
    assert not Alarm.objects.exists()


def test_a_process_that_is_stopped_removes_its_canary(public: LiveServer) -> None:
    script = f"""
from django.core.management import call_command
call_command("prove_enquiries", url={public.url!r}, wait=60)
"""
    process = subprocess.Popen(python(script), env=environment(SITE_URL=public.url), stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not Enquiry.all_objects.filter(is_canary=True).exists():
        assert time.monotonic() < until
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _output, errors = process.communicate(timeout=60)
    assert b"it was interrupted" in errors
    assert process.returncode != 0
    assert Enquiry.all_objects.count() == 0
    assert list(SyntheticCheck.objects.values_list("passed", "error")) == [(False, "It was interrupted")]
