"""`manage.py prove_enquiries`: through a real server and a real mail server, and what it finds when something broke."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from contact.form import rendering
from contact.intake import submission
from contact.models import Alarm, ContactPage, DeskSettings, Enquiry, Job, Message, SyntheticCheck
from contact.models.monitoring import AlarmType
from contact.monitoring.synthetic_check import browser, prover
from tests.factories import make_clinic

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.live_server_helper import LiveServer

    from tests.contact.mail_server import MailServer
    from tests.contact.monitoring.listener import Listener

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.usefixtures("worker")
def test_the_whole_way_passed_recorded_and_leaves_nothing(
    public: LiveServer, mail_server: MailServer, settings: Any, listen: Callable[[], Listener]
) -> None:
    make_clinic()
    DeskSettings.objects.update_or_create(defaults={"proof_email": "proof@example.org"})
    heartbeat = listen()
    settings.HEARTBEAT_URL = f"{heartbeat.url}/clinic"
    said = StringIO()
    call_command("prove_enquiries", url=public.url, stdout=said)
    run = SyntheticCheck.objects.get()
    assert run.passed
    names = [step["step"] for step in run.steps]
    assert names[:2] == ["form on /services/ims-and-dry-needling/", "form on /contact/"]
    assert names[-5:] == ["form on /enquiry/", "send", "receipt", "stored", "accepted by the mail server"]
    assert all(step["is_good"] for step in run.steps)
    assert "Proven" in said.getvalue()
    assert [taken["To"] for taken in mail_server.mails] == ["proof@example.org"]
    assert Enquiry.all_objects.count() == Message.objects.count() == 0
    assert heartbeat.asked == ["/clinic"]


@pytest.mark.usefixtures("mail_server")
def test_without_a_worker_it_is_not_proven_and_an_alarm_is_raised(
    public: LiveServer, settings: Any, listen: Callable[[], Listener]
) -> None:
    heartbeat = listen()
    settings.HEARTBEAT_URL = heartbeat.url
    with pytest.raises(CommandError, match="accepted by the mail server: not within 0 seconds"):
        call_command("prove_enquiries", url=public.url, wait=0.2, stdout=StringIO())
    assert not SyntheticCheck.objects.get().passed
    assert Alarm.objects.get().kind == AlarmType.FORM_CHECK_FAILED
    assert Enquiry.all_objects.count() == 0
    assert heartbeat.asked == []


@pytest.mark.usefixtures("worker")
def test_the_alarm_ends_with_the_next_proof(public: LiveServer) -> None:
    with pytest.raises(CommandError):
        call_command("prove_enquiries", url="http://127.0.0.1:9", stdout=StringIO())
    call_command("prove_enquiries", url=public.url, stdout=StringIO())
    assert Alarm.objects.get().ended_at
    assert SyntheticCheck.objects.conclusive()[0].passed


def test_a_form_that_lost_a_field_is_found(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "form_html", lambda *_args, **_kwargs: "<p>No Fields Found.</p>")
    run = prover.prove(live_server.url)
    assert run.error.startswith("form on /enquiry/: the form has lost name, email, phone")
    assert run.steps[-1]["is_good"] is False


def test_an_enquiry_that_is_not_stored_is_found(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(submission, "_store", fail)
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
    assert Enquiry.all_objects.count() == 0


def test_an_address_that_does_not_answer_is_found() -> None:
    assert prover.prove("http://127.0.0.1:9").error == "form on /enquiry/: no answer (URLError)"


@pytest.mark.parametrize("address", ["clinic.example", "file:///etc/hostname", "https://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(CommandError, match="is not an address like"):
        call_command("prove_enquiries", url=address)
    assert SyntheticCheck.objects.count() == 0


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
