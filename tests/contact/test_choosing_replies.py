"""Ready-made replies on the page of a reply: filled in, exchanged, and never at the cost of what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contact.models import Message, ReplyText
from tests.contact.factories import make_enquiry
from tests.contact.reply_page import address_of, page_of

if TYPE_CHECKING:
    from django.test import Client

    from clinic.models import ClinicDetails

pytestmark = pytest.mark.django_db


def test_a_ready_made_text_is_filled_in_and_can_be_changed(desk: Client, details: ClinicDetails) -> None:
    body = "{name}, {reference} {clinic} {phone} {me} {unknown} {me.pk}"
    text = ReplyText.objects.create(title="All", body=body)
    enquiry = make_enquiry(name="{me} <b>")
    filled = f"{{me}} <b>, {enquiry.reference} Fireweed Physiotherapy 867-555-0142 reception {{unknown}} {{me.pk}}"
    assert page_of(desk, enquiry, text=text.pk)["text"] == filled
    assert "&lt;b&gt;" in desk.get(address_of(enquiry), {"text": text.pk}).content.decode()


@pytest.mark.parametrize("unknown", ["0", "nonsense", "-1", "9" * 30, "²"])
def test_an_unknown_ready_made_text_is_an_empty_page(desk: Client, unknown: str) -> None:
    assert page_of(desk, make_enquiry(), text=unknown)["text"] == ""


def test_choosing_another_text_takes_the_place_of_an_unchanged_one_and_keeps_what_was_typed(desk: Client) -> None:
    first = ReplyText.objects.create(title="First", body="First\r\ntext {name}")
    second = ReplyText.objects.create(title="Second", body="Second text")
    enquiry = make_enquiry()
    sent = page_of(desk, enquiry, text=first.pk)
    del sent["is_answer"]
    chosen = sent | {"_choose": "yes", "ready_made": second.pk}
    form = desk.post(address_of(enquiry), chosen).context["form"]
    assert form["text"].value() == "Second text"
    assert form["message_id"].value() == sent["message_id"]
    assert form["is_answer"].value() is False
    form = desk.post(address_of(enquiry), chosen | {"text": "Mine"}).context["form"]
    assert form["text"].value() == "Mine\n\nSecond text"
    form = desk.post(address_of(enquiry), chosen | {"text": "Mine", "ready_made": ""}).context["form"]
    assert form["text"].value() == "Mine"
    assert not Message.objects.exists()
