import pytest

from contact.form.forms import EnquiryForm, without_control_characters
from tests.contact.factories import answers


def filled(**changed: str) -> EnquiryForm:
    return EnquiryForm(answers(**changed))


def test_a_whole_form_is_accepted() -> None:
    form = filled()
    assert form.is_valid()
    assert form.cleaned_data["email"] == "sam@example.com"


def test_the_form_asks_exactly_what_the_contract_says() -> None:
    assert set(EnquiryForm.answer_fields()) == {
        "name", "email", "phone", "preferred_contact", "best_time", "voicemail_ok", "topic", "message",
    }  # fmt: skip
    assert set(EnquiryForm.base_fields) - set(EnquiryForm.answer_fields()) == {"about", "notice", "website"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \x00 "}, "name"),
        ({"name": "\u200b\u202e"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "", "phone": "", "preferred_contact": ""}, "email"),
        ({"email": "sam@"}, "email"),
        ({"email": "sam@example.com\nBcc: others@example.com"}, "email"),
        ({"phone": "ask my sister"}, "phone"),
        ({"phone": "555-012"}, "phone"),
        ({"preferred_contact": "phone", "phone": ""}, "phone"),
        ({"preferred_contact": "email", "email": ""}, "email"),
        ({"preferred_contact": "fax"}, "preferred_contact"),
        ({"preferred_contact": ""}, "preferred_contact"),
        ({"topic": "my back"}, "topic"),
        ({"best_time": "at night"}, "best_time"),
        ({"message": "x" * 4001}, "message"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changed: dict[str, str], field: str) -> None:
    form = filled(**changed)
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"preferred_contact": "", "email": ""}, "phone"),
        ({"preferred_contact": "", "phone": ""}, "email"),
    ],
)
def test_with_one_address_the_preferred_way_need_not_be_chosen(changed: dict[str, str], expected: str) -> None:
    form = filled(**changed)
    assert form.is_valid()
    assert form.cleaned_data["preferred_contact"] == expected


def test_one_of_email_and_phone_is_enough() -> None:
    assert filled(email="", preferred_contact="phone").is_valid()
    assert filled(phone="").is_valid()


def test_line_ends_count_once_so_that_4000_typed_characters_fit() -> None:
    form = filled(message="x\r\n" * 2000)
    assert form.is_valid()
    assert form.cleaned_data["message"] == ("x\n" * 2000).strip()


def test_the_error_of_a_long_message_says_how_long_it_is() -> None:
    assert filled(message="x" * 4001).errors["message"] == [
        "Shorten this to 4,000 characters or fewer. It has 4001 now."
    ]


def test_control_characters_are_dropped_and_every_script_is_kept() -> None:
    form = filled(name="Zoë\x00 Łukasz\x07", message="first\rsecond\u2028third\x1b")
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Zoë Łukasz"
    assert form.cleaned_data["message"] == "first\nsecond\nthird"
    assert without_control_characters("李雷 👋🏽\tᓄᓇᕗᑦ") == "李雷 👋🏽\tᓄᓇᕗᑦ"


def test_a_phone_number_is_kept_as_typed() -> None:
    form = filled(phone=" +1 867.555-0142 ext. 3 ")
    assert form.is_valid()
    assert form.cleaned_data["phone"] == "+1 867.555-0142 ext. 3"


@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", "９", "99999999999999999999", "1 OR 1=1", "\x00"])
def test_a_wrong_page_id_is_never_an_error(typed: str) -> None:
    form = filled(about=typed)
    assert form.is_valid()
    assert form.about_id is None


def test_no_time_chosen_means_any_time() -> None:
    form = filled(best_time="")
    assert form.is_valid()
    assert form.cleaned_data["best_time"] == "any"


def test_marks_that_turn_the_writing_are_left_out() -> None:
    form = filled(name="Sam\u202e Sample")
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Sam Sample"


def test_without_a_topic_it_is_about_something_else() -> None:
    form = filled(topic="")
    assert form.is_valid()
    assert form.cleaned_data["topic"] == "other"


def test_a_filled_honeypot_is_noticed_and_never_an_error() -> None:
    form = filled(website="x" * 100_000)
    assert form.is_valid()
    assert form.cleaned_data["website"]


def test_what_was_typed_can_be_read_back_without_the_honeypot() -> None:
    form = filled(website="https://spam.example", name="", topic="my back")
    assert form.typed_lines() == [
        ("E-mail", "sam@example.com"),
        ("Phone", "(867) 555-0142"),
        ("How should we answer?", "E-mail"),
        ("When is a good time to reach you?", "Morning (before 11)"),
        ("You may leave a voicemail", "No"),
        ("What is it about? (optional)", "my back"),
        ("Message (optional)", "Do you have time next week?"),
    ]


@pytest.mark.parametrize("field", ["topic", "best_time", "preferred_contact"])
def test_a_choice_that_is_none_is_told_in_our_words_without_what_was_sent(field: str) -> None:
    (said,) = filled(**{field: "my sore back"}).errors[field]
    assert said == "Choose one of the answers in the list."
