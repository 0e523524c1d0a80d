"""What the form accepts, and its errors."""

from typing import Any

import pytest

from contact.form.forms import PURPOSES, EnquiryForm
from contact.models import Enquiry
from tests.contact.factories import answers


def filled(**changed: str) -> EnquiryForm:
    return EnquiryForm(answers(**changed))


def test_the_form_asks_exactly_what_the_contract_says() -> None:
    assert set(EnquiryForm.answer_fields()) == {
        "name", "email", "phone", "preferred_contact", "best_time", "voicemail_ok", "topic", "message",
    }  # fmt: skip
    assert set(EnquiryForm.base_fields) - set(EnquiryForm.answer_fields()) == {"about", "website"}
    # Nothing about anyone's health: the topic is in the e-mail to staff.
    assert set(Enquiry.Topic.values) == {
        "appointment", "change_soon", "change", "treatment", "fees", "referral", "location", "other",
    }  # fmt: skip


def test_what_people_come_for_names_topics_and_fields_of_the_form() -> None:
    topics = [topic for purpose in PURPOSES.values() for topic in purpose["topics"]]
    assert set(topics) <= set(Enquiry.Topic.values)
    assert all(set(purpose["first"]) <= set(EnquiryForm.answer_fields()) for purpose in PURPOSES.values())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \x00 "}, "name"),
        ({"name": "\u200b\u202e"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "", "phone": "", "preferred_contact": ""}, "email"),
        ({"email": ".", "phone": "", "preferred_contact": ""}, "email"),
        ({"email": "?", "phone": "", "preferred_contact": "either"}, "email"),
        ({"email": "sam@"}, "email"),
        ({"email": "sam@example.com\nBcc: others@example.com"}, "email"),
        ({"phone": "ask my sister"}, "phone"),
        ({"phone": "555-012"}, "phone"),
        ({"preferred_contact": "phone", "phone": ""}, "phone"),
        ({"preferred_contact": "email", "email": ""}, "email"),
        ({"preferred_contact": "fax"}, "preferred_contact"),
        ({"topic": "my back"}, "topic"),
        ({"best_time": "at night"}, "best_time"),
        ({"message": "x" * 4001}, "message"),
    ],
)
def test_an_error_is_shown_at_its_field(changed: dict[str, str], field: str) -> None:
    assert list(filled(**changed).errors) == [field]


@pytest.mark.parametrize("topic", Enquiry.Topic.values)
def test_every_topic_is_in_the_list_once_and_can_be_chosen(topic: str) -> None:
    form = filled(topic=topic)
    assert form.is_valid(), form.errors
    assert str(form["topic"]).count(f'value="{topic}"') == 1
    assert ("What is your enquiry about?", Enquiry.Topic(topic).label) in form.typed_lines()


@pytest.mark.parametrize(
    ("changed", "cleaned"),
    [
        ({}, {"email": "sam@example.com", "phone": "(867) 555-0142"}),
        ({"preferred_contact": ""}, {"preferred_contact": "either"}),
        ({"phone": "", "preferred_contact": ""}, {"preferred_contact": "email"}),
        ({"phone": "", "preferred_contact": "either"}, {"preferred_contact": "email"}),
        ({"email": "", "preferred_contact": ""}, {"preferred_contact": "phone"}),
        ({"email": "", "preferred_contact": "phone"}, {"email": ""}),
        ({"message": "x\r\n" * 2000}, {"message": ("x\n" * 2000).strip()}),  # line endings count once
        ({"message": "first\rsecond\u2028third\x1b"}, {"message": "first\nsecond\nthird"}),
        ({"name": "Zoë\x00 Łukasz\x07"}, {"name": "Zoë Łukasz"}),
        ({"message": "李雷 👋🏽\tᓄᓇᕗᑦ"}, {"message": "李雷 👋🏽\tᓄᓇᕗᑦ"}),
        ({"name": "Sam\u202e Sample"}, {"name": "Sam Sample"}),
        ({"phone": " +1 867.555-0142 ext. 3 "}, {"phone": "+1 867.555-0142 ext. 3"}),
        ({"best_time": ""}, {"best_time": "any"}),
        ({"topic": ""}, {"topic": "other"}),
        ({"website": "x" * 100_000}, {"website": "x" * 100_000}),
    ],
)
def test_answers_are_cleaned(changed: dict[str, str], cleaned: dict[str, Any]) -> None:
    form = filled(**changed)
    assert form.is_valid(), form.errors
    assert {name: form.cleaned_data[name] for name in cleaned} == cleaned


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("message", "x" * 4001, "Message: shorten this to 4,000 characters or fewer. It now has 4001."),
        ("topic", "my sore back", "What is your enquiry about? Choose one of the options in the list."),
        ("best_time", "my sore back", "When is a good time to reach you? Choose one of the options in the list."),
        ("preferred_contact", "my sore back", "How should we reply? Choose one of the options in the list."),
    ],
)
def test_an_error_says_what_to_do_and_does_not_repeat_what_was_typed(field: str, typed: str, error: str) -> None:
    assert filled(**{field: typed}).errors[field] == [error]


@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", "９", "99999999999999999999", "1 OR 1=1", "\x00"])
def test_a_wrong_page_id_is_never_an_error(typed: str) -> None:
    form = filled(about=typed)
    assert form.is_valid()
    assert form.about_id is None


def test_what_was_typed_can_be_read_back_without_the_honeypot() -> None:
    form = filled(website="https://spam.example", name="", topic="my back")
    assert form.typed_lines() == [
        ("E-mail", "sam@example.com"),
        ("Phone", "(867) 555-0142"),
        ("How should we reply?", "E-mail"),
        ("When is a good time to reach you?", "Morning (before 11 a.m.)"),
        ("What is your enquiry about?", "my back"),
        ("Message", "Do you have time next week?"),
    ]
