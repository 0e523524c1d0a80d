"""What a condition's page says first, and where it leads."""

import json

import pytest
from django.test import Client

from tests import factories
from tests.markup import Markup

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_other_names_of_a_condition_are_shown(client: Client) -> None:
    condition = factories.make_condition(also_called="lateral epicondylitis")
    assert "Also called: lateral epicondylitis" in Markup(shown(client, condition.url)).texts("p")


@pytest.mark.parametrize(("level", "is_first"), [("emergency", True), ("urgent", False)])
def test_a_911_card_at_the_beginning_is_shown_before_the_list_of_headings(
    client: Client, level: str, is_first: bool
) -> None:
    card = {"type": "care_card", "value": {"level": level, "heading": "Call now", "text": "<p>Chest pain.</p>"}}
    headings = [{"type": "heading", "value": heading} for heading in ("What it is", "What helps", "When to call")]
    condition = factories.make_condition(body=json.dumps([card, *headings]))
    page = shown(client, condition.url)
    assert page.count("Chest pain.") == 1
    assert ("Call now" in " ".join(Markup(page).texts("h2"))) is is_first
    assert (page.index("Chest pain.") < page.index("On this page")) is is_first
    assert ("page-head--urgent" in Markup(page).attributes("header", "class")[-1]) is is_first
