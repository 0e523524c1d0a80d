"""Whatever is typed into the form: it is answered, kept and found again. Random text, for every function on its way."""

import re
import sys
import tomllib
import unicodedata
from collections.abc import Callable
from email.headerregistry import Address
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.mail import EmailMessage
from django.core.mail.message import sanitize_address
from django.test import Client
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from clinic.lib.characters import clean_line, clean_text, folded
from clinic.lib.email_addresses import clean_address, fault_in_address, suggested_address
from clinic.lib.telephone import digits_of, normalised, phone_address, phone_links
from clinic.lib.text import running_text, whole_words
from contact.form.forms import EnquiryForm
from contact.models import Enquiry
from contact.models.enquiry import as_reference, search_terms, search_text
from contact.privacy.person import find
from contact.screening.masking import MaskedType, mask_private_numbers
from contact.screening.warning_signs import find_warning_signs
from tests.contact.factories import answers, make_enquiry, send_form
from tests.markup import Markup

FORM = reverse("enquiry")
ADDRESSES, PRIVATE = (
    tomllib.loads(Path(__file__).with_name(name).read_text("utf-8")) for name in ("addresses.toml", "private.toml")
)
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u00ad\u2060\ufeff\u180e\u034f\u3164\u2800\ufe0f\u202a\u2066\u061c"
BLANKS = "\u00a0\u2003\u2007\u2009\u202f\u205f\u3000\t"
TEXT = st.one_of(st.text(), st.text(alphabet="@.,;:<>()[]\"' -+ax0१８" + INVISIBLE + BLANKS))
FUNCTIONS: tuple[Callable[[str], object], ...] = (
    clean_line, clean_text, folded, clean_address, fault_in_address, suggested_address, digits_of, normalised,
    phone_address, phone_links, running_text, whole_words, as_reference, search_terms, find_warning_signs,
    mask_private_numbers,
)  # fmt: skip


@example("jane@.")
@example("x@,")
@example("@")
@given(typed=TEXT)
def test_no_text_makes_a_function_between_send_and_the_receipt_fail(typed: str) -> None:
    for function in FUNCTIONS:
        function(typed)


@given(typed=TEXT)
def test_an_address_that_is_accepted_can_be_mailed_to(typed: str) -> None:
    address = clean_address(typed)
    if address and not fault_in_address(address):
        assert Address(addr_spec=sanitize_address(address, "utf-8")).domain.isascii()
        assert EmailMessage(to=[address]).message()["To"]


@example(name="Jane", email="jane@.", phone="", message="My knee")
@given(name=TEXT, email=TEXT, phone=TEXT, message=TEXT)
def test_every_answer_to_a_form_holds_the_message(name: str, email: str, phone: str, message: str) -> None:
    sent = answers(name=name, email=email, phone=phone, message=message)
    response = Client().post(FORM, sent)
    assert response.status_code in {200, 303, 422}
    if response.status_code == 303:
        stored = Enquiry.objects.latest("pk")
        assert stored.message == mask_private_numbers(EnquiryForm.base_fields["message"].clean(message))[0]
    else:
        assert "out of order" not in response.content.decode()
        assert Markup(response.content.decode()).texts("textarea") == [" ".join(clean_text(message).split())]


def test_an_address_is_understood_however_it_was_copied() -> None:
    """And no format character of Unicode is left in it."""
    formats = [sign for sign in map(chr, range(sys.maxunicode)) if unicodedata.category(sign) == "Cf"]
    copied = [*ADDRESSES["understood"].splitlines(), *(f"{blank}jane@example.com{blank}" for blank in BLANKS)]
    copied += [f"{sign}jane@exam{sign}ple.com{sign}" for sign in (*INVISIBLE, *formats)]
    assert [typed for typed in copied if clean_address(typed) != "jane@example.com"] == []
    assert clean_address("o’brien@example.com") == "o'brien@example.com"
    right = ("jane@example.com", "o'brien@example.com", "Jane.Sample+physio@example.com")
    assert [(clean_address(address), fault_in_address(address)) for address in right] == [(one, "") for one in right]


@pytest.mark.parametrize("fault", ADDRESSES["wrong"])
def test_a_wrong_address_gets_a_sentence_that_says_what_is_wrong(fault: str) -> None:
    wrong = ADDRESSES["wrong"][fault].splitlines()
    assert [typed for typed in wrong if fault not in fault_in_address(clean_address(typed))] == []


def test_nothing_invisible_in_an_address_or_a_number_is_stored_and_the_person_is_found() -> None:
    joined = "👩‍⚕️ 👨‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 می‌خواهم क्‍ष Zoë Łukasz"  # in a name and a message, joiners belong to the writing
    signs = INVISIBLE + BLANKS
    sent = {"email": f"{signs}sam@exa{INVISIBLE}mple.com{signs}", "phone": f"{signs}867{signs}555{INVISIBLE}0142"}
    stored = send_form(name=joined, message=joined, **sent)
    assert (stored.name, stored.message, stored.email) == (joined, joined, "sam@example.com")
    assert all(unicodedata.category(character) in {"Nd", "Zs"} for character in stored.phone)
    assert stored.phone_normalised == "+18675550142"
    assert [*find(email=stored.email)] == [*find(phone="8675550142")]


@pytest.mark.parametrize("apostrophe", "'’‘ʼʻꞌ`´")
@pytest.mark.parametrize("typed", ["O{}Connell", "oconnell", "Connell", "O Connell", "o{}connell", "CONNELL"])
def test_a_name_with_an_apostrophe_is_found_however_it_is_typed(typed: str, apostrophe: str) -> None:
    for name in (f"Siobhán O{apostrophe}Connell", "Siobhan O Connell", "SIOBHAN OCONNELL"):
        stored = search_text(name, "", "", "K7-3F9Q")
        assert [term for term in search_terms(typed.format(apostrophe)).split() if term not in stored] == []


def test_words_in_a_number_are_keys_and_a_typing_error_does_not_make_it_another_one() -> None:
    for typed in ("1-800-PHYSIO-1 ext. 5", "1 (800) PHYSIO1", "８００ ７４９ ７４６１"):
        assert normalised(clean_line(typed)) == "+18007497461"
    for typed in ("867-555-O142", "867-55S-0142", "867-555-0l42", "403-555-0S42"):
        assert normalised(clean_line(typed)) == "", "it is asked about"
    assert normalised("+867 555 0142") == "+18675550142"
    assert normalised("+86 138 1234 5678") == "+8613812345678"


def test_stored_rows_are_brought_up_to_date() -> None:
    make_enquiry(message="", name="Seán O‘Brien", phone="867-555-0142", phone_normalised="+18675550142")
    Enquiry.objects.update(email="\u200bsam@example.com\u200e", phone="867\u2011555\u20110142", search_text="old")
    import_module("contact.migrations.0004_clean_addresses").clean_rows(apps, None)
    enquiry = Enquiry.objects.get()
    expected = search_text(enquiry.name, "sam@example.com", "867-555-0142", enquiry.reference)
    assert (enquiry.email, enquiry.search_text) == ("sam@example.com", expected)


LONG = ("9 " * 2000, "health card " * 330, "born is " * 500, "phn :::" * 500, "call (" * 600)


@pytest.mark.parametrize("masked", MaskedType)
def test_health_card_numbers_and_dates_of_birth_are_hidden(masked: MaskedType) -> None:
    for sentence in (text + after for text in PRIVATE[masked.name].splitlines() for after in ("", "\nSam")):
        stored = re.sub("<.*>", masked.mask, sentence)
        assert mask_private_numbers(re.sub("[<>]", "", sentence)) == (stored, (masked,))


def test_what_the_clinic_needs_is_not_hidden() -> None:
    for typed in ("", *PRIVATE["NEEDED"].splitlines(), *LONG):
        assert mask_private_numbers(typed) == (typed, ())
