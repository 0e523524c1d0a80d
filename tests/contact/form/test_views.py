"""POST /enquiry/: the enquiry is stored, or the patient sees why not; nothing that was typed is lost."""

import logging
import re
import sys
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any
from unittest.mock import patch

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from clinic.models import ClinicDetails, FrenchPage, HomePage
from clinic.public.contact_fallback import contact_details
from contact.form import rendering, views
from contact.models import DeskSettings, Enquiry, Message
from contact.models.enquiry import SOON
from contact.privacy_notice import current_notice
from contact.screening.warning_signs import find_warning_signs
from tests import factories
from tests.contact.factories import answers, send_form
from tests.markup import Markup

FORM = "/enquiry/"


def test_an_enquiry_is_stored_with_its_messages_and_leads_to_its_receipt(client: Client) -> None:
    response = client.post(FORM, answers(about="2"))
    enquiry = Enquiry.objects.get()
    assert (response.status_code, response["Cache-Control"]) == (303, "no-store")
    assert (enquiry.name, enquiry.email, enquiry.phone) == ("Sam Sample", "sam@example.com", "(867) 555-0142")
    assert (enquiry.status, enquiry.topic, enquiry.voicemail_ok) == ("new", "treatment", False)
    assert enquiry.phone_normalised == "+18675550142"
    assert set(enquiry.messages.values_list("kind", "recipient")) == {
        ("staff_notification", "clinic@example.org"),
        ("patient_receipt", "sam@example.com"),
    }
    receipt = client.get(response["Location"]).content.decode()
    words = (enquiry.reference, "Did you mean", "Is your phone number right?", "did not keep")
    assert [word for word in words if word in receipt] == [enquiry.reference]


def test_visitors_get_no_cookie_and_need_no_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(FORM)
    response = strict.post(FORM, answers(about="999999999"))  # a page that is no longer there
    assert response.status_code == 303
    strict.get(response["Location"])
    strict.post(FORM, answers(name=""))
    assert not strict.cookies


def test_bad_input_is_shown_again_with_reasons_and_everything_typed(client: Client) -> None:
    sent = {"email": "sam@", "phone": "", "name": '<b>"Sam"', "message": "one\r\ntwo", "voicemail_ok": "on"}
    response = client.post(FORM, answers(**sent, about="7", website="https://sam.example.com"))
    html = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (422, "private, no-cache")
    for pattern in (
        r"<title>\s*Error: ", 'role="alert" tabindex="-1" autofocus', 'id="enquiry-email_error"',
        '<a href="#enquiry-email">Enter an <span class="whole">e-mail</span> address like',
        '<input type="email"[^>]*value="sam@"[^>]*aria-invalid="true"', 'aria-describedby="enquiry-email_error"',
        'value="&lt;b&gt;&quot;Sam&quot;"', ">\none\ntwo</textarea>", '<option value="morning" selected>',
        'name="voicemail_ok"[^>]* checked', 'name="about" value="7"', 'value="https://sam.example.com"',
    ):  # fmt: skip
        assert re.search(pattern, html), pattern
    assert not Enquiry.objects.exists()
    assert client.post(FORM).status_code == 422
    assert client.post(FORM, "{}", content_type="application/json").status_code == 422


def test_a_typing_error_is_asked_about_beside_its_field(client: Client) -> None:
    assert "field__suggestion" not in client.get(FORM).content.decode().partition("<main")[2]
    html = client.post(FORM, answers(name="", email="sam@gmial.com", phone="123-4567")).content.decode()
    suggestion = '<p class="field__suggestion" id="enquiry-email_suggestion">Did you mean sam@gmail.com?</p>'
    shown = (suggestion, 'aria-describedby="enquiry-email_suggestion"', 'id="enquiry-phone_suggestion"')
    assert [words for words in shown if words not in html] == []


@pytest.mark.parametrize(("button", "stored"), [("suggested", "sam@gmail.com"), ("typed", "sam@gmial.com")])
def test_a_probable_typing_error_is_asked_about_before_it_is_stored(client: Client, button: str, stored: str) -> None:
    typed = answers(email="sam@gmial.com", message="My knee")
    response = client.post(FORM, typed)
    html = response.content.decode()
    assert (response.status_code, Enquiry.objects.exists()) == (200, False)
    shown = ("Yes, send with sam@gmail.com", "No, send with sam@gmial.com", "My knee")
    assert [words for words in shown if words not in html] == []
    assert client.post(FORM, Markup(html).hidden_inputs() | typed | {"use_address": button}).status_code == 303
    assert Enquiry.objects.get().email == stored


def test_a_number_that_cannot_be_dialled_is_asked_about_and_can_be_sent_as_it_is(client: Client) -> None:
    html = client.post(FORM, answers(phone="123-4567")).content.decode()
    assert not Enquiry.objects.exists()
    assert "Send it as it is" in html
    client.post(FORM, Markup(html).hidden_inputs() | answers(phone="123-4567"))
    assert (Enquiry.objects.get().phone, Enquiry.objects.get().phone_normalised) == ("123-4567", "")


@pytest.mark.parametrize(
    ("module", "broken", "said"),
    [
        # The form's own template and check alone; with the first, no template works at all.
        (rendering, "render_to_string", "nothing was sent"),
        (rendering, "missing_controls", "nothing was sent"),
        *((views, name, "Try sending it again") for name in ("find_warning_signs", "sender_hash", "sign_receipt")),
        (views, "origin_of", "Try sending it again"),
    ],
)
def test_what_was_typed_comes_back_whatever_fails(client: Client, module: ModuleType, broken: str, said: str) -> None:
    with patch.object(module, broken, side_effect=ZeroDivisionError):
        response = client.post(FORM, answers(message="My <b>knee</b>", **({} if module is views else {"name": ""})))
    assert response.status_code == (422 if broken == "missing_controls" else 500)
    assert "My &lt;b&gt;knee&lt;/b&gt;" in response.content.decode()
    assert said in response.content.decode()


def test_a_health_number_is_never_stored_and_the_receipt_says_so(client: Client) -> None:
    sent = answers(message="PHN 9698 658 215, DOB 12/03/1980. Call 867-555-0142.")
    response = client.post(FORM, sent)
    enquiry = Enquiry.objects.get()
    assert enquiry.message == "PHN [health card number removed], DOB [date of birth removed]. Call 867-555-0142."
    assert enquiry.masked == ["date of birth", "health card number"]
    receipt = client.get(response["Location"]).content.decode()
    words = ("We did not keep everything you typed", "date of birth, health card number", "9698")
    assert [word for word in words if word in receipt] == [*words[:2]]
    assert client.post(FORM, sent)["Location"] == response["Location"]


URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "kind", "status", "words"),
    [
        ("message=" + "x" * 3_000_000, URLENCODED, 413, "too long for us to receive"),
        ("x", "multipart/form-data", 400, "arrived incomplete"),
        ("x", "multipart/form-data; boundary=b\xe9", 400, "arrived incomplete"),
        ("name=Sam", f"{URLENCODED}; charset=latin-1", 400, "arrived incomplete"),
        ("&".join(f"f{number}=" for number in range(10_001)), URLENCODED, 400, "arrived incomplete"),
        ("name=Zo%EB&topic=other", URLENCODED, 422, "Zo\ufffd"),
    ],
)
def test_an_unreadable_body_gets_a_plain_page(client: Client, body: str, kind: str, status: int, words: str) -> None:
    response = client.post(FORM, body, content_type=kind)
    assert (response.status_code, words in response.content.decode()) == (status, True)


def test_the_form_page_names_the_page_it_is_about(client: Client, home: HomePage) -> None:
    about_home = client.get(f"{FORM}?about={home.pk}").content.decode()
    assert "Ask a question\n</h1>" in about_home
    assert f">{home.title}</a></p>" in about_home
    french = factories.add(FrenchPage(title="En français", slug="en-francais"))
    assert 'lang="fr-CA">En français</a></p>' in client.get(f"{FORM}?about={french.pk}").content.decode()
    receipt = client.post(FORM, answers(about=str(french.pk)))["Location"]
    assert 'Back to <span lang="fr-CA">En français</span>' in client.get(receipt).content.decode()
    assert "Ask a question\n</h1>" in client.get(f"{FORM}?about=999999").content.decode()
    assert client.get(f"{FORM}?about=\x00").status_code == 200
    assert client.head(FORM).status_code == 200
    assert '<link rel="canonical" href="http://testserver/enquiry/">' in client.get(f"{FORM}?about=2").content.decode()


@pytest.mark.parametrize(
    ("topic", "title", "first"),
    [
        ("appointment", "Request an appointment", "name"),
        ("change_soon", "Change or cancel a visit", "topic"),
        ("change", "Change or cancel a visit", "topic"),
        ("fees", "Ask a question", "message"),
        ("my back", "Ask a question", "message"),
    ],
)
def test_a_link_chooses_the_topic(client: Client, details: ClinicDetails, topic: str, title: str, first: str) -> None:
    details.cancellation_rule = "Free until the day before."
    details.save()
    html = client.get(FORM, {"topic": topic}).content.decode()
    assert f"{title}\n</h1>" in html
    chosen = re.findall(r'<option value="(\w*)" selected>', html.partition('name="topic"')[2].partition("</select>")[0])
    assert chosen == [topic if topic in Enquiry.Topic else ""]
    assert re.findall(r'name="(\w+)"', html.partition('id="enquiry"')[2])[0] == first
    calls_first = title.startswith("Change")
    assert ("Please call first" in html, "Free until the day before." in html) == (calls_first, calls_first)


def test_a_visit_within_a_working_day_is_urgent_but_no_way_around_the_spam_filter() -> None:
    enquiry = send_form(topic="change_soon")
    assert (enquiry.red_flags, enquiry.status) == ([SOON], "new")
    spam = "Buy backlinks, guest post, casino http://a.example http://b.example http://c.example"
    assert send_form(topic="change_soon", message=spam, website="x").status == "suspected_spam"


def test_the_receipt_says_only_what_will_happen(client: Client, home: HomePage, details: ClinicDetails) -> None:
    receipt = client.post(FORM, answers(about=str(home.pk)))["Location"]
    html = client.get(receipt).content.decode()
    words = ("We are also sending the", f"Back to <span>{home.title}</span>", "Please call as well")
    assert [word for word in words if word in html] == [*words[:2]]
    Message.objects.all().delete()
    receipt = client.post(FORM, answers(email="", preferred_contact="phone", topic="change_soon"))["Location"]
    assert Message.objects.get().kind == "staff_notification"
    html = client.get(receipt).content.decode()
    words = ("We will call you.</li>", "Please call as well", "We are also sending")
    assert [word for word in words if word in html] == [*words[:2]]
    Enquiry.objects.all().delete()
    assert client.get(receipt).status_code == 200


def test_a_late_call_is_offered_only_where_the_clinic_is_open_late(client: Client, details: ClinicDetails) -> None:
    late = '<option value="late"'
    details.main_location = factories.make_location()
    details.save()
    factories.add_hours(details.main_location, 0, closes="17:00")
    assert late not in client.get(FORM).content.decode()
    assert client.post(FORM, answers(best_time="late")).status_code == 303
    factories.add_hours(details.main_location, 1, closes="19:00")
    assert late in client.get(FORM).content.decode()


@pytest.fixture
def known_clinic(details: ClinicDetails) -> None:
    """Its details have been read once, so that they are on disk, its settings exist and the phrases are compiled."""
    find_warning_signs("")
    DeskSettings.load()
    contact_details()


@pytest.mark.usefixtures("known_clinic", "database_gone")
def test_without_a_database_the_form_says_to_call_and_shows_what_was_typed(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    form = client.get(f"{FORM}?about=2")
    with caplog.at_level(logging.DEBUG):
        sent = client.post(FORM, answers(name="Robin Rare", message="One line\r\nand <another>"))
    for response in (form, sent):
        headers = (response["Cache-Control"], response["Retry-After"])
        assert (response.status_code, *headers) == (503, "private, no-cache", "300")
    html = form.content.decode()
    for words in ('name="message"', "Please call us instead", "We will reply as soon as we can."):  # no day is promised
        assert words in html
    assert "tel:+18675550142" in html.partition("<form")[0]
    html = sent.content.decode()
    for words in ("Your enquiry was not sent", "tel:+18675550142", "One line<br>and &lt;another&gt;", "Robin Rare"):
        assert words in html
    assert "Thank you" not in html
    assert "could not be stored: OperationalError" in caplog.text
    assert [private for private in ("Robin", "another", "sam@example.com", "555-0142") if private in caplog.text] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_broken_frame_does_not_stop_the_form(client: Client, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    monkeypatch.setattr(rendering, "FRAME", "contact/no_such_frame.html")
    response = getattr(client, method)(FORM, {"name": ""})
    html = response.content.decode()
    assert response.status_code == (200 if method == "get" else 422)
    words = ('name="message"', "contact/bare.css", '<html lang="en-CA">')
    assert [word for word in words if word not in html] == []
    assert "911" in render_to_string("contact/bare.html", {"clinic": contact_details()})


@pytest.mark.usefixtures("known_clinic")
def test_one_post_takes_few_modules_and_queries(rf: RequestFactory, django_assert_max_num_queries: Any) -> None:
    files: set[str] = set()
    notice = current_notice()
    assert notice
    sent = answers(about="2", notice=notice.version)

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        files.add(frame.f_code.co_filename)

    with django_assert_max_num_queries(22):
        sys.setprofile(note)
        try:
            response = views.receive_enquiry(rf.post(FORM, sent, HTTP_SEC_FETCH_SITE="same-origin"))
        finally:
            sys.setprofile(None)
    assert response.status_code == 303
    in_contact = {file for file in map(Path, files) if file.is_relative_to(Path.cwd() / "contact")}
    assert 0 < len(in_contact) <= 12, in_contact
