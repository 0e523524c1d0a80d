"""Ready-made replies: filled in by name alone, and what a reply would repeat of the patient's words."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from contact.models import ReplyText
from contact.workflow.reply_templates import PLACEHOLDER, fill_in, repeats, unknown_placeholders

pytestmark = pytest.mark.django_db
VALUES = {"name": "Sam", "reference": "K7-3F9Q", "clinic": "Fireweed", "phone": "867-555-0142", "me": "Mo"}


def test_names_are_filled_in_and_other_braces_stay() -> None:
    text = "Hello {name}, {reference} at {clinic}, {phone}. {me} {NAME} { name } {other} {} {{name}}"
    assert fill_in(text, VALUES) == (
        "Hello Sam, K7-3F9Q at Fireweed, 867-555-0142. Mo {NAME} { name } {other} {} {Sam}"
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["{name.__class__}", "{name!r}", "{name:>9999999}", "{0}", "{me[0]}", "%(name)s", "${name"]
)
def test_nothing_but_names_is_looked_up(text: str) -> None:
    assert fill_in(text, VALUES) == text


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert fill_in("Hello {name}", VALUES | {"name": "{phone} {me}"}) == "Hello {phone} {me}"


def test_five_words_in_a_row_of_the_patients_are_a_quotation() -> None:
    message = "My lower back hurts since Saturday, when I loaded wood."
    assert repeats("You write that your LOWER BACK hurts, since today:", message) is False
    assert repeats("> My lower back hurts since Saturday", message) is True
    assert repeats("Thank you, my\nlower  back hurts, since we met", message) is True
    assert repeats("", message) is False
    assert repeats("Call me please", "Call me please") is False


def test_the_first_replies_can_be_filled_in_and_promise_nothing() -> None:
    for title, body in ReplyText.objects.values_list("title", "body"):
        filled = fill_in(body, VALUES)
        assert "{" not in filled, title
        assert {"name", "me"} <= set(PLACEHOLDER.findall(body)), title
        assert filled.endswith("\n\nMo"), title


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Hello {name}, {reference} {clinic} {phone} {me}", []),
        ("Hello {nmae}, {nmae}, {Name} and { name }", ["{nmae}", "{Name}", "{ name }"]),
        ("Hello {{name}} {}", ["{}"]),
        ("a } b {", []),
    ],
)
def test_what_nothing_is_known_to_fill_in_for_is_found(text: str, unknown: list[str]) -> None:
    assert unknown_placeholders(text) == unknown


def test_a_mistyped_placeholder_is_refused_and_the_known_ones_are_named(client: Client, manager: User) -> None:
    client.force_login(manager)
    address = reverse("admin:contact_replytext_add")
    typed = {"title": "New", "body": "Hello {nmae}, call {phone}.", "sort_order": "9"}
    html = client.post(address, typed).content.decode()
    assert "Unknown placeholder: {nmae}. Known ones are {name}, {reference}, {clinic}, {phone}, {me}." in html
    assert not ReplyText.objects.filter(title="New").exists()
    assert client.post(address, typed | {"body": "Hello {name}"}).status_code == 302
    assert ReplyText.objects.get(title="New").body == "Hello {name}"
