"""What the form accepts, and its errors."""

import csv
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from contact import checks
from contact.form import rendering
from contact.form.forms import EnquiryForm, TextField
from contact.models import Enquiry, SyntheticCheck
from contact.monitoring import synthetic_check
from tests.contact.factories import answers


def filled(**changed: str) -> EnquiryForm:
    return EnquiryForm(answers(**changed))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        *(({"name": name}, "name") for name in ("", " \x00 ", "\u200b\u202e", "x" * 201)),
        *(({"email": email}, "email") for email in ("sam@", "sam@example.com\nBcc: others@example.com")),
        *(({"phone": phone}, "phone") for phone in ("ask my sister", "555-012")),
        ({"email": "", "phone": "", "preferred_contact": ""}, "email"),
        ({"email": ".", "phone": "", "preferred_contact": ""}, "email"),
        ({"email": "?", "phone": "", "preferred_contact": "either"}, "email"),
        ({"preferred_contact": "phone", "phone": ""}, "phone"),
        ({"preferred_contact": "email", "email": ""}, "email"),
    ],
)
def test_an_error_is_shown_at_its_field(changed: dict[str, str], field: str) -> None:
    assert list(filled(**changed).errors) == [field]


def test_errors_say_what_to_do_and_do_not_repeat_what_was_typed() -> None:
    sore = "my sore back"
    assert filled(message="x" * 4001, topic=sore, best_time=sore, preferred_contact=sore).errors == {
        "message": ["Message: shorten this to 4,000 characters or fewer. It now has 4001."],
        "topic": ["What is your enquiry about? Choose one of the options in the list."],
        "best_time": ["When is a good time to reach you? Choose one of the options in the list."],
        "preferred_contact": ["How should we reply? Choose one of the options in the list."],
    }


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
    assert form.cleaned_data | cleaned == form.cleaned_data


def test_every_topic_can_be_chosen_and_a_wrong_page_id_is_never_an_error() -> None:
    assert [topic for topic in Enquiry.Topic.values if not filled(topic=topic).is_valid()] == []
    for typed in ("", "x", "-1", "1.5", "９", "99999999999999999999", "1 OR 1=1", "\x00"):
        form = filled(about=typed)
        assert (form.is_valid(), form.about_id) == (True, None), typed


NAME, LABEL = "referred_by", "Who referred you?"


@pytest.fixture
def question(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new question in the form."""
    field = TextField(longest=80, required=False, label=LABEL)
    monkeypatch.setitem(EnquiryForm.base_fields, NAME, field)


@pytest.fixture
def column(db: None) -> Iterator[None]:
    """The column for its answers, in the model and in the database."""
    field = models.CharField("referred by", max_length=80, blank=True, default="")
    field.contribute_to_class(Enquiry, NAME)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE contact_enquiry ADD COLUMN {NAME} varchar(80) NOT NULL DEFAULT ''")
    yield
    options: Any = Enquiry._meta
    options.local_fields.remove(field)
    options._expire_cache()
    delattr(Enquiry, NAME)


@pytest.mark.usefixtures("question", "column")
def test_a_new_question_is_shown_required_stored_fingerprinted_exported_and_disclosed(as_manager: Client) -> None:
    client = as_manager
    assert checks.every_answer_is_stored() == []
    html = client.get("/enquiry/").content.decode()
    assert [words for words in (f'name="{NAME}"', LABEL) if words not in html] == []
    assert rendering.missing_controls(html.replace(f'name="{NAME}"', "")) == [NAME]

    for doctor in ("Dr. Birch", "Dr. Birch", "Dr. Aspen"):
        assert client.post("/enquiry/", answers(**{NAME: doctor})).status_code == 303
    assert sorted(Enquiry.objects.values_list(NAME, flat=True)) == ["Dr. Aspen", "Dr. Birch"]

    enquiry = Enquiry.objects.latest("pk")
    page = client.get(reverse("admin:contact_enquiry_change", args=[enquiry.pk])).content.decode()
    assert f"{LABEL} <strong>Dr. Aspen</strong>" in page
    exported = client.post(reverse("admin:contact_enquiry_export"), {"format": "csv"}).content.decode("utf-8-sig")
    assert {row["Referred by"] for row in csv.DictReader(exported.splitlines())} == {"Dr. Aspen", "Dr. Birch"}

    person = reverse("admin:contact_enquiry_person")
    chosen = {"email": "sam@example.com", "enquiry": list(Enquiry.objects.values_list("pk", flat=True))}
    page = client.post(person, chosen | {"do": "html"}).content.decode()
    assert (LABEL in page, "Dr. Aspen" in page) == (True, True)
    data = json.loads(client.post(person, chosen | {"do": "json"}).content)
    assert {enquiry["fields"][LABEL] for enquiry in data["enquiries"]} == {"Dr. Aspen", "Dr. Birch"}


@pytest.mark.usefixtures("question")
def test_the_site_does_not_start_when_an_answer_would_be_stored_nowhere() -> None:
    (error,) = checks.every_answer_is_stored()
    assert error.id == "contact.E003"
    assert error.is_serious()
    assert NAME in error.msg


@pytest.mark.usefixtures("question", "column")
def test_the_synthetic_check_answers_a_new_question_and_compares_what_is_stored() -> None:
    check = SyntheticCheck.objects.create(url="https://clinic.example")
    visit = synthetic_check.Visit(check, 0)
    form = EnquiryForm(visit.answers())
    assert form.is_valid(), form.errors
    assert all(form.answers.values())
    stored = Enquiry.all_objects.create(**form.answers | {NAME: ""}, is_canary=True)
    visit.reference = stored.reference
    with pytest.raises(synthetic_check.CheckFailedError, match=f"not stored as it was sent: {NAME}"):
        visit.find_stored()
