"""POST /enquiry/: the enquiry is stored, or the patient sees why not; nothing that was typed is lost."""

import logging
import re
import sys
from pathlib import Path
from types import FrameType, ModuleType

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clinic.models import ClinicDetails, HomePage
from clinic.public.contact_fallback import contact_details
from contact import privacy_notice
from contact.form import rendering, views
from contact.models import DeskSettings, Enquiry, Message
from contact.models.enquiry import SOON
from tests import factories
from tests.contact.factories import answers
from tests.markup import Markup

pytestmark = pytest.mark.django_db
FORM = "/enquiry/"


def test_an_enquiry_is_stored_with_its_messages_and_leads_to_its_receipt(client: Client) -> None:
    response = client.post(FORM, answers(about="2"))
    enquiry = Enquiry.objects.get()
    assert response.status_code == 303
    assert response["Cache-Control"] == "no-store"
    assert (enquiry.name, enquiry.email, enquiry.phone) == ("Sam Sample", "sam@example.com", "(867) 555-0142")
    assert (enquiry.status, enquiry.topic, enquiry.voicemail_ok) == ("new", "treatment", False)
    assert enquiry.phone_normalised == "+18675550142"
    assert set(enquiry.messages.values_list("kind", "recipient")) == {
        ("staff_notification", "clinic@example.org"),
        ("patient_receipt", "sam@example.com"),
    }
    receipt = client.get(response["Location"]).content.decode()
    assert enquiry.reference in receipt
    for question in ("Did you mean", "Is your phone number right?", "did not keep"):
        assert question not in receipt


def test_visitors_get_no_cookie_and_need_no_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(FORM)
    response = strict.post(FORM, answers())
    assert response.status_code == 303
    strict.get(response["Location"])
    strict.post(FORM, answers(name=""))
    assert not strict.cookies


def test_bad_input_is_shown_again_with_reasons_and_everything_typed(client: Client) -> None:
    sent = {"email": "sam@", "phone": "", "name": '<b>"Sam"', "message": "one\r\ntwo", "voicemail_ok": "on"}
    response = client.post(FORM, answers(**sent, about="7", website="https://sam.example.com"))
    html = response.content.decode()
    assert response.status_code == 422
    assert response["Cache-Control"] == "private, no-cache"
    assert re.search(r"<title>\s*Error: ", html)
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert '<a href="#enquiry-email">Enter an <span class="whole">e-mail</span> address like' in html
    assert 'id="enquiry-email_error"' in html
    assert re.search(r'<input type="email"[^>]*value="sam@"[^>]*aria-invalid="true"', html)
    assert 'aria-describedby="enquiry-email_error"' in html
    assert 'value="&lt;b&gt;&quot;Sam&quot;"' in html
    assert ">\none\ntwo</textarea>" in html
    assert '<option value="morning" selected>' in html
    assert re.search(r'name="voicemail_ok"[^>]* checked', html)
    assert re.search(r'name="about" value="7"', html)
    assert 'value="https://sam.example.com"' in html
    assert not Enquiry.objects.exists()
    assert client.post(FORM).status_code == 422
    assert client.post(FORM, "{}", content_type="application/json").status_code == 422


def test_a_typing_error_is_asked_about_beside_its_field(client: Client) -> None:
    assert "field__suggestion" not in client.get(FORM).content.decode().partition("<main")[2]
    html = client.post(FORM, answers(name="", email="sam@gmial.com", phone="123-4567")).content.decode()
    assert '<p class="field__suggestion" id="enquiry-email_suggestion">Did you mean sam@gmail.com?</p>' in html
    assert 'aria-describedby="enquiry-email_suggestion"' in html
    assert 'id="enquiry-phone_suggestion"' in html
    html = client.post(FORM, answers(email="<b@gmailcom", phone="12345")).content.decode()
    assert "Did you mean b@gmail.com?" in html
    assert 'aria-describedby="enquiry-email_error enquiry-email_suggestion"' in html
    assert 'id="enquiry-phone_error"' in html
    assert "enquiry-phone_suggestion" not in html


@pytest.mark.parametrize(
    ("button", "stored"),
    [
        ({"use_address": "suggested"}, "sam@gmail.com"),
        ({"use_address": "typed"}, "sam@gmial.com"),
        ({}, "sam@gmial.com"),
    ],
)
def test_a_probable_typing_error_is_asked_about_before_the_enquiry_is_stored(
    client: Client, button: dict[str, str], stored: str
) -> None:
    response = client.post(FORM, answers(email="sam@gmial.com", message="My knee", website=""))
    html = response.content.decode()
    assert response.status_code == 200
    assert not Enquiry.objects.exists()
    assert "Yes, send with sam@gmail.com" in html
    assert "No, send with sam@gmial.com" in html
    assert "My knee" in html
    response = client.post(
        FORM, Markup(html).hidden_inputs() | answers(email="sam@gmial.com", message="My knee") | button
    )
    assert response.status_code == 303
    assert Enquiry.objects.get().email == stored


def test_a_number_that_cannot_be_dialled_is_asked_about_and_can_be_sent_as_it_is(client: Client) -> None:
    html = client.post(FORM, answers(phone="123-4567")).content.decode()
    assert not Enquiry.objects.exists()
    assert "Send it as it is" in html
    client.post(FORM, Markup(html).hidden_inputs() | answers(phone="123-4567"))
    assert (Enquiry.objects.get().phone, Enquiry.objects.get().phone_normalised) == ("123-4567", "")


def test_the_warning_page_asks_about_the_address_too_so_that_one_press_is_enough(client: Client) -> None:
    typed = answers(email="sam@gmial.com", message="I have chest pain")
    html = client.post(FORM, typed).content.decode()
    assert "please read this first" in html
    assert "Yes, send with sam@gmail.com" in html
    assert client.post(FORM, Markup(html).hidden_inputs() | typed | {"use_address": "suggested"}).status_code == 303
    assert Enquiry.objects.get().email == "sam@gmail.com"


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
def test_what_was_typed_comes_back_whatever_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch, module: ModuleType, broken: str, said: str
) -> None:
    monkeypatch.setattr(module, broken, lambda *_args: 1 / 0)
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
    assert "We did not keep everything you typed" in receipt
    assert "date of birth, health card number" in receipt
    assert "9698" not in receipt
    assert client.post(FORM, sent)["Location"] == response["Location"]


URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "words"),
    [
        ("message=" + "x" * 3_000_000, URLENCODED, 413, "too long for us to receive"),
        ("x", "multipart/form-data", 400, "arrived incomplete"),
        (
            '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nSam', "multipart/form-data; boundary=b\xe9",
            400, "arrived incomplete",
        ),
        ("name=Sam", f"{URLENCODED}; charset=latin-1", 400, "arrived incomplete"),
        ("&".join(f"f{number}=" for number in range(10_001)), URLENCODED, 400, "arrived incomplete"),
        (b"name=Zo%EB&topic=other", URLENCODED, 422, "Zo\ufffd"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_gets_a_plain_page(
    client: Client, body: str | bytes, content_type: str, status: int, words: str
) -> None:
    response = client.post(FORM, body, content_type=content_type)
    assert response.status_code == status
    assert words in response.content.decode()


def test_the_form_page_names_the_page_it_is_about(client: Client, home: HomePage) -> None:
    about_home = client.get(f"{FORM}?about={home.pk}").content.decode()
    assert "Ask a question\n</h1>" in about_home
    assert f">{home.title}</a></p>" in about_home
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
def test_a_link_chooses_the_topic_and_its_questions_come_first(
    client: Client, details: ClinicDetails, topic: str, title: str, first: str
) -> None:
    details.cancellation_rule = "Free until the day before."
    details.save()
    page = client.get(FORM, {"topic": topic})
    html = page.content.decode()
    assert f"{title}\n</h1>" in html
    chosen = re.findall(r'<option value="(\w*)" selected>', html.partition('name="topic"')[2].partition("</select>")[0])
    assert chosen == [topic if topic in Enquiry.Topic else ""]
    assert re.findall(r'name="(\w+)"', html.partition('id="enquiry"')[2])[0] == first
    calls_first = title.startswith("Change")
    assert ("Please call first" in html, "Free until the day before." in html) == (calls_first, calls_first)
    hint = re.search(r'id="enquiry-message_helptext"[^>]*>([^<]+)', html)
    assert hint
    if chosen == [topic]:
        assert hint[1] in client.post(FORM, answers(name="", topic=topic)).content.decode()


def test_a_visit_within_a_working_day_is_urgent_but_no_way_around_the_spam_filter(client: Client) -> None:
    client.post(FORM, answers(topic="change_soon"))
    enquiry = Enquiry.objects.get()
    assert (enquiry.red_flags, enquiry.status) == ([SOON], "new")
    spam = "Buy backlinks, guest post, casino http://a.example http://b.example http://c.example"
    client.post(FORM, answers(topic="change_soon", message=spam, website="x"))
    assert Enquiry.objects.order_by("-pk")[0].status == "suspected_spam"


def test_the_receipt_leads_back_and_says_only_what_will_happen(
    client: Client, home: HomePage, details: ClinicDetails
) -> None:
    receipt = client.post(FORM, answers(about=str(home.pk)))["Location"]
    html = client.get(receipt).content.decode()
    assert "We are also sending the" in html
    assert f"Back to {home.title}" in html
    assert "Please call as well" not in html
    Message.objects.all().delete()
    receipt = client.post(FORM, answers(email="", preferred_contact="phone", topic="change_soon"))["Location"]
    assert Message.objects.get().kind == "staff_notification"
    html = client.get(receipt).content.decode()
    assert "We are also sending" not in html
    assert "Please call as well" in html
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
    """Its details have been read once, so that they are on disk, and its settings exist."""
    DeskSettings.load()
    contact_details()


@pytest.mark.usefixtures("known_clinic", "database_gone")
def test_without_a_database_the_form_says_to_call_and_the_typed_words_and_the_phone_number_are_shown(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    form = client.get(f"{FORM}?about=2")
    html = form.content.decode()
    assert (form.status_code, form["Cache-Control"], form["Retry-After"]) == (503, "private, no-cache", "300")
    assert 'name="message"' in html
    assert "Please call us instead" in html
    assert "We will reply as soon as we can." in html, "no day is promised"
    assert "tel:+18675550142" in html.partition("<form")[0]
    with caplog.at_level(logging.DEBUG):
        response = client.post(FORM, answers(name="Robin Rare", message="One line\r\nand <another>"))
    html = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "300"
    assert response["Cache-Control"] == "private, no-cache"
    for expected in ("Your enquiry was not sent", "tel:+18675550142", "One line<br>and &lt;another&gt;", "Robin Rare"):
        assert expected in html
    assert "Thank you" not in html
    assert "could not be stored: OperationalError" in caplog.text
    for private in ("Robin", "another", "sam@example.com", "555-0142"):
        assert private not in caplog.text


@pytest.mark.usefixtures("known_clinic", "database_locked")
def test_a_locked_database_is_reported_as_well(client: Client) -> None:
    assert client.post(FORM, answers()).status_code == 503
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_error_in_the_base_template_does_not_stop_the_form(
    client: Client, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(rendering, "FRAME", "contact/no_such_frame.html")
    response = getattr(client, method)(FORM, {"name": ""})
    html = response.content.decode()
    assert response.status_code == (200 if method == "get" else 422)
    assert 'name="message"' in html
    assert "contact/bare.css" in html
    assert '<html lang="en-CA">' in html
    assert "911" in render_to_string("contact/bare.html", {"clinic": contact_details()})


def test_one_post_passes_few_modules_and_takes_few_queries(
    client: Client,
    details: ClinicDetails,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    details.notify_email = "reception@example.org"
    details.save()
    DeskSettings.load()
    notice = privacy_notice.current_notice()
    assert notice
    files: set[Path] = set()
    receive_enquiry = views.receive_enquiry

    def note(frame: FrameType, event: str, _argument: object) -> None:
        files.add(Path(frame.f_code.co_filename))

    def profiled(request: HttpRequest) -> HttpResponse:
        sys.setprofile(note)
        try:
            return receive_enquiry(request)
        finally:
            sys.setprofile(None)

    monkeypatch.setattr(views, "receive_enquiry", profiled)
    sent = answers(about="2", notice=notice.version)
    with django_assert_max_num_queries(22):
        assert client.post(FORM, sent, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    in_contact = {file for file in files if file.is_relative_to(Path.cwd() / "contact")}
    assert 0 < len(in_contact) <= 12, in_contact
    # Pure functions (characters, numbers, addresses, opening hours), a signal.
    in_clinic = {file for file in files if file.is_relative_to(Path.cwd() / "clinic")}
    assert len(in_clinic) <= 14, in_clinic
