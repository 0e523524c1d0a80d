"""POST /enquiry/: what a patient sends arrives, or the patient is told plainly."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page

from clinic.models import ClinicDetails
from contact.models import Enquiry, Message
from contact.privacy_notice import versions
from tests.contact.factories import answers

pytestmark = pytest.mark.django_db


def test_an_enquiry_is_stored_with_its_messages_and_leads_to_its_receipt(client: Client) -> None:
    response = client.post("/enquiry/", answers(about="2"))

    enquiry = Enquiry.objects.get()
    assert response.status_code == 303
    assert response["Cache-Control"] == "no-store"
    assert (enquiry.name, enquiry.email, enquiry.phone) == ("Sam Sample", "sam@example.com", "(867) 555-0142")
    assert (enquiry.status, enquiry.topic, enquiry.voicemail_ok) == ("new", "treatment", False)
    assert set(enquiry.messages.values_list("kind", "recipient")) == {
        ("staff_notification", "clinic@example.org"),
        ("patient_receipt", "sam@example.com"),
    }
    receipt = client.get(response["Location"])
    assert enquiry.reference in receipt.content.decode()


def test_visitors_get_no_cookie(client: Client) -> None:
    client.get("/enquiry/")
    response = client.post("/enquiry/", answers())
    client.get(response["Location"])
    client.post("/enquiry/", answers(name=""))
    assert not client.cookies


def test_no_csrf_token_is_asked_for() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/enquiry/", answers()).status_code == 303


def test_without_an_email_no_receipt_is_mailed(client: Client) -> None:
    client.post("/enquiry/", answers(email="", preferred_contact="phone"))
    assert list(Message.objects.values_list("kind", flat=True)) == ["staff_notification"]


def test_bad_input_is_shown_again_with_reasons_and_everything_typed(client: Client) -> None:
    response = client.post(
        "/enquiry/",
        answers(email="sam@", phone="", name='<b>"Sam"', message="one\r\ntwo", voicemail_ok="on", about="7"),
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert response["Cache-Control"] == "no-store"
    assert re.search(r"<title>\s*Error: ", html)
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert '<a href="#enquiry-email">Enter an <span class="whole">e-mail</span> address like' in html
    assert 'id="enquiry-email_error"' in html
    assert re.search(r'<input type="email"[^>]*value="sam@"[^>]*aria-invalid="true"', html)
    assert 'aria-describedby="enquiry-email_helptext enquiry-email_error"' in html
    assert 'value="&lt;b&gt;&quot;Sam&quot;"' in html
    assert ">\none\ntwo</textarea>" in html
    assert '<option value="morning" selected>' in html
    assert re.search(r'name="voicemail_ok"[^>]* checked', html)
    assert re.search(r'name="about" value="7"', html)
    assert not Enquiry.objects.exists()


def test_an_empty_post_is_bad_input(client: Client) -> None:
    assert client.post("/enquiry/").status_code == 422
    assert client.post("/enquiry/", "{}", content_type="application/json").status_code == 422


def test_a_filled_honeypot_never_loses_a_person(client: Client) -> None:
    assert client.post("/enquiry/", answers(website="https://sam.example.com")).status_code == 303
    enquiry = Enquiry.objects.get()
    assert enquiry.honeypot_filled
    assert enquiry.status == "new"
    assert enquiry.messages.count() == 2


def test_an_error_page_still_carries_a_filled_honeypot(client: Client) -> None:
    html = client.post("/enquiry/", answers(website="https://sam.example.com", name="")).content.decode()
    assert 'value="https://sam.example.com"' in html


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)("/enquiry/").status_code == 405


def test_a_body_that_is_too_large_is_a_plain_page(client: Client) -> None:
    body = "message=" + "x" * 3_000_000
    response = client.post("/enquiry/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "too long for us to receive" in response.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("x", "multipart/form-data"),
        ('--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nSam', "multipart/form-data; boundary=b\xe9"),
        ("name=Sam", "application/x-www-form-urlencoded; charset=latin-1"),
        ("&".join(f"f{number}=" for number in range(10_001)), "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_did_not_arrive_whole_is_a_plain_page(client: Client, body: str, content_type: str) -> None:
    response = client.post("/enquiry/", body, content_type=content_type)
    assert response.status_code == 400
    assert "did not arrive whole" in response.content.decode()


def test_a_body_in_another_encoding_keeps_what_can_be_read(client: Client) -> None:
    response = client.post("/enquiry/", b"name=Zo%EB&topic=other", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422
    assert "Zo\ufffd" in response.content.decode()


def test_the_form_page_names_the_page_it_is_about(client: Client) -> None:
    home = Page.objects.get(depth=2)
    assert f"Ask about {home.title}" in client.get(f"/enquiry/?about={home.pk}").content.decode()
    assert "Send us an enquiry" in client.get("/enquiry/?about=999999").content.decode()
    assert client.get("/enquiry/?about=\x00").status_code == 200
    assert client.head("/enquiry/").status_code == 200


def test_sending_takes_few_queries(
    client: Client, details: ClinicDetails, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    details.notify_email = "reception@example.org"
    details.save()
    notice = versions.current_notice()
    assert notice
    with django_assert_max_num_queries(17):
        client.post("/enquiry/", answers(about="2", notice=notice.version))
