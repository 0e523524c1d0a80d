"""Reply templates: what is filled in."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from clinic.models import ClinicDetails
from contact.models import Enquiry, ReplyText
from contact.workflow.reply_templates import PLACEHOLDER, filled, values_for
from tests.factories import make_contact_page

pytestmark = pytest.mark.django_db
VALUES = {
    "name": "Sam", "reference": "K7-3F9Q", "clinic": "Fireweed", "phone": "867-555-0142", "me": "Mo", "when": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Hello {name}, {reference} at {clinic}, {phone}. {me}", "Hello Sam, K7-3F9Q at Fireweed, 867-555-0142. Mo"),
        ("{NAME} { name } {other} {} {{name}}", "{NAME} { name } {other} {} {Sam}"),
        *((text, text) for text in ("{name.__class__}", "{name!r}", "{name:>9999999}", "{0}", "{me[0]}", "%(name)s")),
    ],
)
def test_names_are_filled_in_and_nothing_else(text: str, result: str) -> None:
    assert filled(text, VALUES) == result


def test_a_placeholder_that_a_patient_typed_is_not_filled_in() -> None:
    assert filled("Hello {name}", VALUES | {"name": "{phone} {me}"}) == "Hello {phone} {me}"


def test_the_first_reply_templates_can_be_filled_in() -> None:
    for title, body in ReplyText.objects.values_list("title", "body"):
        text = filled(body, VALUES)
        assert "{" not in text, title
        assert {"name", "me"} <= set(PLACEHOLDER.findall(body)), title
        assert re.match(r"Hello Sam,\n\n[A-Z]", text), title
        assert text.endswith("\n\nKind regards,\nMo"), title


def test_a_template_names_the_chosen_time_and_the_page_and_is_signed_with_a_name(details: ClinicDetails) -> None:
    make_contact_page()
    body = "We will call you{when}. {page:contact} {page:nowhere} {me}"
    person = User(username="mo", first_name="Mo", last_name="Example")
    links = f"{settings.SITE_URL}/contact/ {settings.SITE_URL}/"
    text = filled(body, values_for(Enquiry(best_time="morning"), person))
    assert text == f"We will call you in the morning, as you asked. {links} Mo Example"
    text = filled(body, values_for(Enquiry(best_time="any"), User(username="mo")))
    assert text == f"We will call you. {links} {details.name}"


def test_a_mistyped_placeholder_is_refused_and_the_known_ones_are_named(managers_desk: Client) -> None:
    address = reverse("admin:contact_replytext_add")
    typed = {"title": "New", "body": "Hello {nmae}, {nmae}, {Name} and { name } {{name}} {} } b {", "sort_order": "9"}
    html = managers_desk.post(address, typed).content.decode()
    assert "Unknown placeholder: {nmae}, {Name}, { name }, {}. " in html
    assert "Known ones are {name}, {reference}, {when}, {clinic}, {phone}, {me}, {page:fees}." in html
    assert not ReplyText.objects.filter(title="New").exists()
    correct = "Hello {name}, {reference} {clinic} {phone} {me} a } b {"
    assert managers_desk.post(address, typed | {"body": correct}).status_code == 302
    assert ReplyText.objects.get(title="New").body == correct
