"""What nobody asked for is not stored, and who may have mistyped an address is told so, without being stopped."""

import base64

import pytest
from django.test import Client

from contact.form import cookieless
from contact.models import Enquiry
from tests.contact.factories import answers, make_enquiry

pytestmark = pytest.mark.django_db


def test_a_health_number_is_never_stored_and_the_sender_is_told(client: Client) -> None:
    response = client.post("/enquiry/", answers(message="PHN 9698 658 215, DOB 12/03/1980. Call 867-555-0142."))
    enquiry = Enquiry.objects.get()
    assert enquiry.message == "PHN [health card number removed], DOB [date of birth removed]. Call 867-555-0142."
    assert enquiry.masked == ["date of birth", "health card number"]
    receipt = client.get(response["Location"]).content.decode()
    assert "We did not keep everything you typed" in receipt
    assert "health card number, date of birth" in receipt
    assert "9698" not in receipt


def test_the_same_words_are_one_enquiry_also_when_something_was_hidden(client: Client) -> None:
    text = "PHN 9698 658 215. My knee."
    first = client.post("/enquiry/", answers(message=text))
    again = client.post("/enquiry/", answers(message=text))
    assert first["Location"] == again["Location"]
    assert Enquiry.objects.count() == 1


def test_the_phone_number_stands_as_typed_and_as_it_is_dialled(client: Client) -> None:
    client.post("/enquiry/", answers(phone="555-0142"))
    enquiry = Enquiry.objects.get()
    assert (enquiry.phone, enquiry.phone_normalised) == ("555-0142", "+18675550142")


def test_a_typing_error_is_asked_about_and_never_stops_anybody(client: Client) -> None:
    response = client.post("/enquiry/", answers(email="sam@gmial.com", phone="123-4567"))
    enquiry = Enquiry.objects.get()
    assert (enquiry.email, enquiry.phone, enquiry.phone_normalised) == ("sam@gmial.com", "123-4567", "")
    receipt = client.get(response["Location"]).content.decode()
    assert "Did you mean an address at gmail.com?" in receipt
    assert "Is your phone number right?" in receipt


def test_a_receipt_about_which_there_is_nothing_to_ask_asks_nothing(client: Client) -> None:
    receipt = client.get(client.post("/enquiry/", answers())["Location"]).content.decode()
    assert "Did you mean" not in receipt
    assert "Is your phone number right?" not in receipt
    assert "did not keep" not in receipt


def test_the_receipts_address_holds_nothing_of_the_patient() -> None:
    enquiry = make_enquiry(email="robin.rare@gmial.com", phone="123-4567", masked=["date of birth"])
    signed = cookieless.sign_receipt(enquiry)
    payload = base64.urlsafe_b64decode(signed.partition(":")[0] + "==").decode()
    assert payload == f'["{enquiry.reference}",{int(enquiry.received_at.timestamp())},null,[1],0,true]'
    shown = cookieless.read_receipt(signed)
    assert shown
    assert (shown.hidden, shown.domain, shown.phone_is_odd) == (("date of birth",), "gmail.com", True)


def test_a_form_that_is_shown_again_asks_beside_the_field(client: Client) -> None:
    html = client.post("/enquiry/", answers(name="", email="sam@gmial.com", phone="123-4567")).content.decode()
    assert '<p class="field__suggestion" id="enquiry-email_suggestion">Did you mean sam@gmail.com?</p>' in html
    assert 'aria-describedby="enquiry-email_helptext enquiry-email_suggestion"' in html
    assert 'id="enquiry-phone_suggestion"' in html
    assert 'value="sam@gmial.com"' in html


def test_an_address_without_its_dot_is_wrong_and_says_what_was_meant(client: Client) -> None:
    html = client.post("/enquiry/", answers(email="<b>@gmailcom")).content.decode()
    assert "Did you mean &lt;b&gt;@gmail.com?" in html
    assert 'aria-describedby="enquiry-email_helptext enquiry-email_error enquiry-email_suggestion"' in html


def test_a_number_that_is_wrong_is_not_asked_about_as_well(client: Client) -> None:
    html = client.post("/enquiry/", answers(phone="12345")).content.decode()
    assert 'id="enquiry-phone_error"' in html
    assert "enquiry-phone_suggestion" not in html


def test_an_empty_form_asks_about_nothing(client: Client) -> None:
    assert "field__suggestion" not in client.get("/enquiry/").content.decode().partition("<main")[2]
