"""When the database is down nobody is told that all is well, and nobody loses what they typed."""

import logging
from html.parser import HTMLParser

import pytest
from django.db import OperationalError
from django.template.loader import get_template, render_to_string
from django.test import Client
from wagtail.models import Site

from clinic.models import ClinicDetails
from clinic.public.contact_fallback import contact_details
from contact.form import cookieless, rendering
from contact.models import DeskSettings, Enquiry
from tests.contact.factories import answers, make_enquiry


@pytest.fixture
def known_clinic(db: None) -> None:
    """Its details have been read once, so that they are on disk, and its settings exist."""
    DeskSettings.load()
    details = ClinicDetails.for_site(Site.objects.get())
    details.name, details.phone, details.email = "Fireweed", "867-555-0142", "hello@example.org"
    details.save()
    contact_details()


@pytest.mark.usefixtures("known_clinic", "database_gone")
def test_without_a_database_the_typed_words_and_the_phone_number_are_shown(client: Client) -> None:
    response = client.post("/enquiry/", answers(message="One line\r\nand <another>", website=""))
    html = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "300"
    assert response["Cache-Control"] == "no-store"
    assert "Your enquiry was not sent" in html
    assert "tel:+18675550142" in html
    assert "One line<br>and &lt;another&gt;" in html
    assert "Sam Sample" in html
    assert "Thank you" not in html


@pytest.mark.usefixtures("known_clinic", "database_locked")
def test_a_locked_database_is_no_pretence_either(client: Client) -> None:
    assert client.post("/enquiry/", answers()).status_code == 503
    assert not Enquiry.objects.exists()


@pytest.mark.django_db
def test_the_page_lets_the_same_words_be_sent_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("down")

    with monkeypatch.context() as down:
        down.setattr("contact.form.views.submission.submit_enquiry", fail)
        html = client.post("/enquiry/", answers(voicemail_ok="on", message="Ünï\n<x>")).content.decode()
    hidden = _hidden_inputs(html)
    assert client.post("/enquiry/", hidden).status_code == 303
    enquiry = Enquiry.objects.get()
    assert (enquiry.message, enquiry.voicemail_ok, enquiry.best_time) == ("Ünï\n<x>", True, "morning")


def _hidden_inputs(html: str) -> dict[str, str]:
    found: dict[str, str] = {}

    class Inputs(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            values = dict(attrs)
            if tag == "input" and values.get("type") == "hidden":
                found[values["name"] or ""] = values.get("value") or ""

    Inputs().feed(html)
    return found


@pytest.mark.usefixtures("known_clinic", "database_gone")
def test_without_a_database_the_form_says_to_call_and_the_receipt_is_still_shown(client: Client) -> None:
    form = client.get("/enquiry/?about=2")
    assert form.status_code == 503
    assert form["Cache-Control"] == "no-store"
    assert form["Retry-After"] == "300"
    html = form.content.decode()
    assert 'name="message"' in html
    assert "Please call us instead" in html
    assert "tel:+18675550142" in html.partition("<form")[0]
    receipt = client.get(f"/enquiry/sent/{cookieless.sign_receipt(Enquiry(reference='K7-3F9Q'))}/")
    assert receipt.status_code == 200
    assert "K7-3F9Q" in receipt.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_fault_in_the_sites_frame_does_not_take_the_form_with_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(rendering, "FRAME", "contact/no_such_frame.html")
    response = getattr(client, method)("/enquiry/", {"name": ""})
    assert response.status_code == (200 if method == "get" else 422)
    html = response.content.decode()
    assert 'name="message"' in html
    assert "contact/bare.css" in html


@pytest.mark.usefixtures("database_gone")
def test_nothing_a_patient_typed_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post("/enquiry/", answers(name="Robin Rare", message="my knee"))
    assert "could not be stored: OperationalError" in caplog.text
    for private in ("Robin", "knee", "sam@example.com", "555-0142"):
        assert private not in caplog.text


@pytest.mark.django_db
def test_the_bare_frame_has_what_every_page_needs() -> None:
    make_enquiry()
    html = render_to_string("contact/bare.html", {"clinic": contact_details()})
    assert get_template("contact/bare.html")
    assert '<html lang="en-CA">' in html
    assert "911" in html
