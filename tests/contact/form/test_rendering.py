"""The form on a page, what appears in its place when it cannot be shown, and enquiries about a page that changes."""

import types
from typing import Any
from unittest.mock import Mock, patch

import pytest
from django.core.checks import run_checks
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from wagtail.models import Page

from clinic.models import ClinicDetails
from contact import checks
from contact.form import rendering
from contact.form.forms import EnquiryForm
from contact.models import Enquiry, Message
from tests.contact.factories import answers
from tests.factories import make_contact_page, make_location, make_standard

CLINIC = ClinicDetails(name="Fireweed", phone="867-555-0142", email="hello@example.org")


def rendered(arguments: str = "", **context: Any) -> str:
    template = Template("{% load contact_tags %}{% enquiry_form " + arguments + " %}")
    return template.render(Context({"request": RequestFactory().get("/"), **context}))


def test_a_page_ends_with_a_form_about_itself() -> None:
    page = Page.objects.get(depth=2)
    for words in (
        "Request an appointment or ask a question</h2>", '<form action="/enquiry/" method="post" id="enquiry"',
        f'name="about" value="{page.pk}"', '<option value="appointment" selected>',
    ):  # fmt: skip
        assert words in rendered("about=page", page=page)
    named: Any = types.SimpleNamespace(pk=7, title="Intramuscular stimulation", enquiry_topic_name="IMS")
    assert "ask about IMS</h2>" in rendered("about=page", page=named)


BROKEN = Mock(side_effect=RuntimeError("Sam Sample's words"))


def test_a_broken_form_leaves_phone_and_email(caplog: pytest.LogCaptureFixture) -> None:
    with patch.multiple(rendering, form_html=BROKEN, contact_details=lambda _request: CLINIC):
        html = rendering.form_or_phone(None, EnquiryForm())
    assert [expected for expected in ("tel:+18675550142", "hello@example.org", "911") if expected not in html] == []
    assert "RuntimeError" in caplog.text
    assert "Sam" not in caplog.text


def test_emergency_advice_is_shown_even_if_phone_and_email_cannot_be_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "render_to_string", BROKEN)
    assert "911" in rendering.form_or_phone(None, EnquiryForm())
    [error] = checks.the_enquiry_form_is_whole()
    assert error.id == "contact.E001"
    monkeypatch.setattr(rendering, "contact_details", BROKEN)
    assert "911" in rendered()


@pytest.mark.parametrize("lost", [*EnquiryForm.base_fields, rendering.SUBMIT_BUTTON])
def test_a_form_without_a_control_is_not_shown_and_stops_the_start(monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    button = 'type="submit"' if lost == rendering.SUBMIT_BUTTON else "\0"

    def lossy(template: str, context: dict[str, Any]) -> str:
        return str(render_to_string(template, context)).replace(f'name="{lost}"', "").replace(button, "")

    monkeypatch.setattr(rendering, "render_to_string", lossy)
    assert "Please call or e-mail us" in rendering.form_or_phone(None, EnquiryForm())
    [error] = checks.the_enquiry_form_is_whole()
    assert (error.id, error.is_serious()) == ("contact.E001", True)
    assert lost in error.msg


def test_the_whole_form_passes_its_check_and_has_fitting_keyboards() -> None:
    assert run_checks(tags=[checks.TAG]) == []
    html = rendering.form_html(EnquiryForm(), CLINIC)
    keyboards = ('autocomplete="name"', 'autocomplete="email"', 'autocomplete="tel"', 'inputmode="email"')
    assert [control for control in keyboards if control not in html] == []
    assert "maxlength" not in html, "too much is an error, and is not cut off without a word"


def test_moving_unpublishing_renaming_or_deleting_a_page_never_touches_an_enquiry(client: Client) -> None:
    branch = make_standard("Elsewhere")
    page = make_standard("Dry needling")
    page.unpublish()
    assert "Dry needling" not in client.get(f"/enquiry/?about={page.pk}").content.decode()
    assert client.post("/enquiry/", answers(about=str(page.pk))).status_code == 303
    page.move(branch, pos="last-child")
    page.title = "Renamed"
    page.save_revision().publish()
    before = Enquiry.objects.values().get()
    assert (before["about_id"], before["about_title"]) == (page.pk, "Dry needling")
    Page.objects.get(pk=branch.pk).delete()
    assert Enquiry.objects.values().get() == before | {"about_id": None}
    assert Message.objects.count() == 2


def test_hours_and_address_or_the_editors_words_are_around_the_form(details: ClinicDetails, client: Client) -> None:
    make_contact_page(body=[("text", "<p>Before it</p>")], after_form=[("text", "<p>After it</p>")])
    html = client.get("/contact/").content.decode()
    assert html.index("Before it") < html.index('name="message"') < html.index("After it")
    assert not client.cookies
    assert b"Opening hours" not in client.get("/enquiry/").content.partition(b"<footer")[0]
    details.main_location = make_location(street="7 Spruce Street")
    details.save()
    before_footer = client.get("/enquiry/").content.partition(b"<footer")[0]
    assert (b"Opening hours" in before_footer, b"7 Spruce Street" in before_footer) == (True, True)
