"""`manage.py prove_enquiries`: through a real server and a real mail server, and what it finds when something broke."""

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

from contact import receiving, showing
from contact.delivery import deliver_due
from contact.models import Alarm, ContactPage, DeskSettings, Enquiry, Job, Message, ProofRun
from contact.overview import last_proof
from contact.proof import browser, prover
from tests.contact.another_process import environment, python
from tests.contact.mail_server import MailServer
from tests.factories import make_clinic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def worker(mail_server: MailServer) -> Iterator[None]:
    """Sends mail meanwhile, as `manage.py work` does."""
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


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prover, "SECONDS_BETWEEN_LOOKS", 0.05)


@pytest.fixture
def public(live_server: LiveServer, settings: Any) -> LiveServer:
    """The site, at the address that it is known by."""
    settings.SITE_URL = live_server.url
    return live_server


class Listener:
    """What answers at HEARTBEAT_URL, or stands in the site's place with a page of its own."""

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
def listen() -> Iterator[Callable[[str], Listener]]:
    started: list[Listener] = []

    def start(html: str = "") -> Listener:
        started.append(Listener(html))
        return started[-1]

    yield start
    for listener in started:
        listener.server.shutdown()


@pytest.mark.usefixtures("worker")
def test_the_whole_way_is_proven_recorded_and_leaves_nothing(
    public: LiveServer, mail_server: MailServer, settings: Any, listen: Callable[[], Listener]
) -> None:
    make_clinic()
    DeskSettings.objects.update_or_create(defaults={"proof_email": "proof@example.org"})
    heartbeat = listen()
    settings.HEARTBEAT_URL = f"{heartbeat.url}/clinic"
    said = StringIO()
    call_command("prove_enquiries", url=public.url, stdout=said)
    run = ProofRun.objects.get()
    assert run.is_proven
    names = [step["step"] for step in run.steps]
    assert names[:2] == ["form on /services/ims-and-dry-needling/", "form on /contact/"]
    assert names[-5:] == ["form on /enquiry/", "send", "receipt", "stored", "accepted by the mail server"]
    assert all(step["is_good"] for step in run.steps)
    assert "Proven" in said.getvalue()
    assert [taken["To"] for taken in mail_server.mails] == ["proof@example.org"]
    assert Enquiry.everything.count() == Message.objects.count() == 0
    assert heartbeat.asked == ["/clinic"]


@pytest.mark.usefixtures("mail_server")
def test_without_a_worker_it_is_not_proven_and_an_alarm_is_raised(
    public: LiveServer, settings: Any, listen: Callable[[], Listener]
) -> None:
    heartbeat = listen()
    settings.HEARTBEAT_URL = heartbeat.url
    with pytest.raises(CommandError, match="accepted by the mail server: not within 0 seconds"):
        call_command("prove_enquiries", url=public.url, wait=0.2, stdout=StringIO())
    assert not ProofRun.objects.get().is_proven
    assert Alarm.objects.get().kind == Alarm.Kind.FORM_NOT_PROVEN
    assert Enquiry.everything.count() == 0
    assert heartbeat.asked == []


@pytest.mark.usefixtures("worker")
def test_the_alarm_ends_with_the_next_proof(public: LiveServer) -> None:
    with pytest.raises(CommandError):
        call_command("prove_enquiries", url="http://127.0.0.1:9", stdout=StringIO())
    call_command("prove_enquiries", url=public.url, stdout=StringIO())
    assert Alarm.objects.get().ended_at
    assert last_proof().is_proven


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
    Alarm.objects.create(kind=Alarm.Kind.FORM_NOT_PROVEN)
    said = StringIO()
    call_command("prove_enquiries", url=live_server.url, stdout=said)
    assert "A trial: the desk and the alarm go by https://clinic.example alone." in said.getvalue()
    assert list(ProofRun.objects.values_list("is_trial", "is_proven")) == [(True, True), (True, False)]
    assert Alarm.objects.standing().exists(), "the public address is not proven by another one"
    assert last_proof().at is None
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
    def interrupt(*_args: Any) -> None:
        assert Enquiry.everything.get().is_canary
        raise KeyboardInterrupt

    monkeypatch.setattr(prover.Walk, "wait_until_sent", interrupt)
    with pytest.raises(CommandError, match="Not proven: it was interrupted") as ended:
        call_command("prove_enquiries", url=public.url, stdout=StringIO())
    assert ended.value.returncode == 130
    run = ProofRun.objects.get()
    assert (run.is_proven, run.error, run.finished_at) == (False, "It was interrupted", None)
    assert Enquiry.everything.count() == 0
    assert not Alarm.objects.exists(), "the form was not found to be broken"
    assert last_proof().at is None


def test_a_process_that_is_told_to_end_removes_its_canary(public: LiveServer) -> None:
    script = f"""
from django.core.management import call_command
call_command("prove_enquiries", url={public.url!r}, wait=60)
"""
    process = subprocess.Popen(python(script), env=environment(SITE_URL=public.url), stderr=subprocess.PIPE)
    until = time.monotonic() + 30
    while not Enquiry.everything.filter(is_canary=True).exists():
        assert time.monotonic() < until
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _said, errors = process.communicate(timeout=30)
    assert b"it was interrupted" in errors
    assert process.returncode != 0
    assert Enquiry.everything.count() == 0
    assert list(ProofRun.objects.values_list("is_proven", "error")) == [(False, "It was interrupted")]


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
    assert prover.prove(public.url).is_proven
    assert last_proof().is_proven


def test_a_form_that_lost_a_field_is_found(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "form_html", lambda *_args, **_kwargs: "<p>No Fields Found.</p>")
    run = prover.prove(live_server.url)
    assert run.error.startswith("form on /enquiry/: the form has lost name, email, phone")
    assert run.steps[-1]["is_good"] is False


def test_an_enquiry_that_is_not_stored_is_found(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(receiving, "_store", fail)
    assert prover.prove(live_server.url).error == "send: answered 503"


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ("<p>Hello</p>", "form on /enquiry/: the form has lost"),
        ("{form_without_address}", "form on /enquiry/: the form is sent nowhere"),
        ("{form_to_another_host}", "send: the form is sent to another host, elsewhere.example"),
    ],
)
def test_what_stands_in_the_sites_place_is_found(
    live_server: LiveServer, listen: Callable[[str], Listener], html: str, error: str
) -> None:
    form = browser.get(f"{live_server.url}/enquiry/").html
    html = html.format(
        form_without_address=form.replace('action="/enquiry/"', ""),
        form_to_another_host=form.replace('action="/enquiry/"', 'action="https://elsewhere.example/enquiry/"'),
    )
    assert prover.prove(listen(html).url).error.startswith(error)
    assert Enquiry.everything.count() == 0


def test_an_address_that_does_not_answer_is_found() -> None:
    assert prover.prove("http://127.0.0.1:9").error == "form on /enquiry/: no answer (URLError)"


@pytest.mark.parametrize("address", ["clinic.example", "file:///etc/hostname", "https://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(CommandError, match="is not an address like"):
        call_command("prove_enquiries", url=address)
    assert ProofRun.objects.count() == 0


def test_the_clock_tries_again_soon_what_could_not_be_proven(settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"
    with pytest.raises(prover.NotProvenError):
        prover.work()
    assert not Job.objects.exists()


def test_every_page_that_draws_the_form_is_looked_at() -> None:
    pages = make_clinic()
    drawn = {page.get_url_parts()[2] for page in pages.values() if page.specific.shows_enquiry_form}
    assert set(prover.pages_with_the_form()) == drawn | {"/enquiry/"}
    assert ContactPage.shows_enquiry_form
